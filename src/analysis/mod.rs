//! Pure numbers: intensity surfaces, hotspot bands, hex layers, Gi*, area summaries.
//!
//! Everything here takes values and returns values. On checked parameters nothing fails and nothing
//! panics, and the same input gives the same bytes whatever the number of threads: sums are always
//! taken in the order of the points, never in the order in which threads finish.
//!
//! | module | what it answers |
//! |---|---|
//! | [`density`] | how many incidents per km² there are around each cell of a raster |
//! | [`bandwidth`] | which cell size and bandwidth to take when nobody gave one |
//! | [`accuracy`] | how well a map says where later incidents are, and which map would have worked |
//! | [`risk`] | where one kind of event has a greater share than another |
//! | [`mask`] | which raster cells have their centre inside an outline |
//! | [`contained`] | which points a polygon holds |
//! | [`classes`] | from which intensity on a place counts as hot (incremental mean, volume, area …) |
//! | [`bands`] | the polygons between two intensities |
//! | [`hotspots`] | hotspot polygons one by one, ranked, with what they hold |
//! | [`stability`] | in what share of resamples each of them is found again |
//! | [`clusters`] | which events lie close together (DBSCAN) |
//! | [`grid`] | cells that cover an outline: areas, neighbours, counts |
//! | [`hex`], [`squares`] | the H3 cells of a borough; the squares of the national grid |
//! | [`neighbours`] | which cells touch which |
//! | [`gi_star`] | where high or low counts cluster more than chance would (Getis-Ord Gi* and Gi) |
//! | [`moran`] | which counts are like those around them (local and global Moran's I, Geary's C) |
//! | [`fdr`] | p-values adjusted for the number of tests |
//! | [`time`] | change, trend, seasons, hours of the week, emerging hot spots |
//! | [`scan`] | which circles, in which months, hold more than chance explains (Kulldorff) |
//! | [`near_repeat`] | whether near incidents follow each other sooner than chance explains (Knox) |
//! | [`progress`] | how far long work is, and whether to stop it |
//! | [`pattern`] | where the middle is, how far incidents spread, at which distances they cluster |
//! | [`concentration`] | on how few places how many incidents fall, and how often they come back |
//! | [`rates`] | rates by area with intervals, ratios to the borough, smoothed rates |
//! | [`location_quotient`] | which categories an area has more of than its share |
//! | [`overlap`] | where the hotspots of several priorities meet |
//! | [`border`], [`adjacency`] | how far it is to an outline, which areas touch |
//! | [`normal`], [`exponential`], [`order`], [`random`], [`monte_carlo`] | probabilities, quantiles, and seeded chance for all of them |
//! | [`summary`] | counts, rates, shares, ranks and changes by area |

pub mod accuracy;
pub mod adjacency;
pub mod bands;
pub mod bandwidth;
pub mod border;
pub mod classes;
pub mod clusters;
pub mod concentration;
pub mod contained;
pub mod density;
pub mod exponential;
pub mod fdr;
pub mod gi_star;
pub mod grid;
pub mod hex;
pub mod hotspots;
pub mod location_quotient;
pub mod mask;
pub mod monte_carlo;
pub mod moran;
pub mod near_repeat;
pub mod neighbours;
pub mod normal;
pub mod order;
pub mod overlap;
pub mod pattern;
pub mod progress;
pub mod random;
pub mod rates;
pub mod risk;
pub mod scan;
pub mod squares;
pub mod stability;
pub mod summary;
pub mod time;

#[cfg(test)]
mod testing;

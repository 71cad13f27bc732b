//! Bad requests: each is answered by what was wrong, where, and which rule it broke.

use crate::{app::TestApp, exchange::encode};

const ACCURACY: &str = "/analysis/accuracy";
const BANDWIDTHS: &str = "/analysis/bandwidths";
const SUMMARY: &str = "/summaries/ward";
const DENSITY: &str = "/analysis/density";
const HEX: &str = "/analysis/hex";
const HOTSPOTS: &str = "/analysis/hotspots";
const CLUSTERS: &str = "/analysis/clusters";
const CHANGE: &str = "/analysis/change/ward";
const TREND: &str = "/analysis/trend/ward";
const EMERGING: &str = "/analysis/emerging";
const SQUARES: &str = "/analysis/squares";
const SCAN: &str = "/analysis/scan";
const NEAR: &str = "/analysis/near-repeat";
const RISK: &str = "/analysis/risk";
const INCIDENTS: &str = "/incidents";
const PATTERN: &str = "/analysis/pattern";
const CONCENTRATION: &str = "/analysis/concentration";
const GEOCODE: &str = "/geocode";

/// Address, query as names and values, and of one fault: place, value, words of the rule.
type Row = (&'static str, &'static [(&'static str, &'static str)], [&'static str; 3]);

const BAD_REQUESTS: &[Row] = &[
    // unknown and doubled parameters, everywhere
    ("/", &[("x", "1")], ["x", "x=1", "it takes f"]),
    ("/health", &[("verbose", "")], ["verbose", "verbose", "takes no parameters"]),
    ("/ready", &[("x", "1")], ["x", "x=1", "takes no parameters"]),
    ("/openapi.yaml", &[("f", "json")], ["f", "f=json", "takes no parameters"]),
    ("/layers", &[("limit", "3")], ["limit", "limit=3", "takes no parameters"]),
    ("/layers/ward", &[("period", "2025-01")], ["period", "period=2025-01", "it takes f"]),
    ("/priorities", &[("q", "drugs")], ["q", "q=drugs", "it takes retired"]),
    ("/priorities/violence", &[("f", "json")], ["f", "f=json", "it takes priority_version"]),
    ("/priorities/violence", &[("priority_version", "0")], ["priority_version", "0", "from 1"]),
    ("/priorities/violence/versions", &[("f", "html")], ["f", "f=html", "takes no parameters"]),
    (DENSITY, &[("priority_version", "1")], ["priority_version", "1", "the priority has to be named"]),
    (SUMMARY, &[("priority", "drugs"), ("priority_version", "x")], ["priority_version", "x", "from 1"]),
    (RISK, &[("against_priority_version", "1")], ["against_priority_version", "1", "has to be named"]),
    (SUMMARY, &[("Period", "2025-01")], ["Period", "Period=2025-01", "not a parameter"]),
    (SUMMARY, &[("categorie", "burglary")], ["categorie", "categorie=burglary", "category"]),
    (SUMMARY, &[("", "")], ["", "", "not a parameter"]),
    (DENSITY, &[("within", "E05001236")], ["within", "E05001236", "ward/E05001236"]),
    (DENSITY, &[("resolution", "9")], ["resolution", "resolution=9", "bandwidth_m"]),
    (DENSITY, &[("kernel", "normal")], ["kernel", "normal", "gaussian"]),
    (DENSITY, &[("edge", "yes")], ["edge", "yes", "diggle"]),
    (DENSITY, &[("adaptive", "knn")], ["adaptive", "knn", "nearest"]),
    (DENSITY, &[("k", "5")], ["k", "5", "adaptive=nearest"]),
    (DENSITY, &[("adaptive", "nearest"), ("k", "0")], ["k", "0", "10000"]),
    (DENSITY, &[("adaptive", "nearest"), ("bandwidth_m", "300")], ["bandwidth_m", "300", "follows from k"]),
    (DENSITY, &[("adaptive", "nearest"), ("edge", "diggle")], ["edge", "diggle", "none or uniform"]),
    (DENSITY, &[("adaptive", "nearest"), ("pilot_m", "300")], ["pilot_m", "300", "abramson"]),
    (DENSITY, &[("adaptive", "abramson"), ("pilot_m", "3")], ["pilot_m", "3", "10 to 20000"]),
    (DENSITY, &[("form", "relative"), ("f", "json")], ["form", "relative", "probability"]),
    (DENSITY, &[("form", "absolute")], ["form", "absolute", "f=json"]),
    (HOTSPOTS, &[("adaptive", "nearest"), ("resamples", "99")], ["resamples", "99", "adaptive=none"]),
    (RISK, &[("weights", "none")], ["weights", "none", "numbers of incidents"]),
    (RISK, &[("shrinkage", "-1")], ["shrinkage", "-1", "0 to 10"]),
    (RISK, &[("permutations", "10")], ["permutations", "10", "99"]),
    (RISK, &[("permutations", "9999"), ("cell_m", "20")], ["permutations", "9999", "larger cell_m"]),
    (RISK, &[("against", "colour = 'red'")], ["against", "colour", "property"]),
    (RISK, &[("against_category", "Drugs")], ["against_category", "Drugs", "drugs"]),
    (RISK, &[("kernel", "quartic")], ["kernel", "kernel=quartic", "bandwidth_m"]),
    (HEX, &[("cell_m", "100")], ["cell_m", "cell_m=100", "resolution"]),
    (SCAN, &[("bandwidth_m", "100")], ["bandwidth_m", "bandwidth_m=100", "max_share"]),
    (NEAR, &[("resolution", "9")], ["resolution", "resolution=9", "distances_m"]),
    (GEOCODE, &[("lng", "-2"), ("lat", "52.5")], ["lng", "lng=-2", "lon, lat"]),
    (SUMMARY, &[("period", "2025-01"), ("period", "2025-02")], ["period", "2025-02", "twice"]),
    (SUMMARY, &[("f", "csv"), ("f", "csv")], ["f", "csv", "twice"]),
    (GEOCODE, &[("lon", "-2"), ("lat", "52.5"), ("lon", "-2")], ["lon", "-2", "twice"]),
    ("/health", &[("x", "1"), ("x", "2")], ["x", "2", "twice"]),
    // periods
    (SUMMARY, &[("period", "2025-13")], ["period", "2025-13", "YYYY-MM"]),
    (SUMMARY, &[("period", "2025-00")], ["period", "2025-00", "YYYY-MM"]),
    (SUMMARY, &[("period", "2025-1")], ["period", "2025-1", "a period is"]),
    (SUMMARY, &[("period", "25-01")], ["period", "25-01", "a period is"]),
    (SUMMARY, &[("period", "")], ["period", "", "a period is"]),
    (SUMMARY, &[("period", "January")], ["period", "January", "YYYY-MM"]),
    (SUMMARY, &[("period", "2025-02-30")], ["period", "2025-02-30", "a period is"]),
    (SUMMARY, &[("period", "2025-06/2025-01")], ["period", "2025-06/2025-01", "ends on or after"]),
    (
        SUMMARY,
        &[("period", "2025-06-02/2025-06-01")],
        ["period", "2025-06-02/2025-06-01", "ends on or after"],
    ),
    (SUMMARY, &[("period", "2025-01/2025-02-03")], ["period", "2025-01/2025-02-03", "a period is"]),
    (SUMMARY, &[("period", "2025-01/2025-02/2025-03")], ["period", "2025-01/2025-02/2025-03", "a period is"]),
    (SUMMARY, &[("period", "1066-10")], ["period", "1066-10", "1900"]),
    (SUMMARY, &[("period", "9999-01")], ["period", "9999-01", "2199"]),
    (SUMMARY, &[("period", "2025-01 ")], ["period", "2025-01 ", "a period is"]),
    (SUMMARY, &[("compare", "after")], ["compare", "after", "year-before"]),
    (SUMMARY, &[("compare", "2025-13")], ["compare", "2025-13", "YYYY-MM"]),
    (SUMMARY, &[("compare", "")], ["compare", "", "none"]),
    (HEX, &[("compare", "before")], ["compare", "compare=before", "not a parameter"]),
    // forms and choices
    (SUMMARY, &[("f", "ods")], ["f", "ods", "json, geojson, csv, xlsx, zip"]),
    (DENSITY, &[("f", "csv")], ["f", "csv", "geojson, json"]),
    (SCAN, &[("f", "xml")], ["f", "xml", "json, geojson, csv, events"]),
    (SCAN, &[("scan", "time")], ["scan", "time", "space-time, space"]),
    (SCAN, &[("model", "bernoulli")], ["model", "bernoulli", "permutation, residents, incidents"]),
    (SCAN, &[("ongoing", "yes")], ["ongoing", "yes", "false, true"]),
    (SCAN, &[("max_share", "0.6")], ["max_share", "0.6", "at most 0.5"]),
    (SCAN, &[("max_share", "0")], ["max_share", "0", "over 0"]),
    (SCAN, &[("max_share", "NaN")], ["max_share", "NaN", "finite"]),
    (SCAN, &[("max_radius_m", "-5")], ["max_radius_m", "-5", ""]),
    (SCAN, &[("max_months", "0")], ["max_months", "0", "1 to 60"]),
    (SCAN, &[("clusters", "101")], ["clusters", "101", "1 to 100"]),
    (SCAN, &[("replications", "98")], ["replications", "98", "99 to 9999"]),
    (SCAN, &[("replications", "1e3")], ["replications", "1e3", "99 to 9999"]),
    (SCAN, &[("seed", "-1")], ["seed", "-1", "0 to 4294967295"]),
    (NEAR, &[("distances_m", "200,100")], ["distances_m", "200,100", "each over the one before"]),
    (NEAR, &[("distances_m", "0")], ["distances_m", "0", "metres"]),
    (NEAR, &[("distances_m", "100,inf")], ["distances_m", "100,inf", "metres"]),
    (NEAR, &[("days", "7,7")], ["days", "7,7", "each over the one before"]),
    (NEAR, &[("days", "1.5")], ["days", "1.5", "whole numbers"]),
    (NEAR, &[("days", "")], ["days", "", "1 to 20 limits"]),
    (NEAR, &[("metric", "road")], ["metric", "road", "euclidean, manhattan"]),
    (HEX, &[("f", "json")], ["f", "json", "geojson, csv"]),
    (INCIDENTS, &[("near", "-2.08,52.51"), ("f", "GeoJSON")], ["f", "GeoJSON", "geojson"]),
    (HEX, &[("empty", "true")], ["empty", "true", "include, omit"]),
    // categories
    (SUMMARY, &[("category", "Burglary")], ["category", "Burglary", "slug"]),
    (SUMMARY, &[("category", "burglary,,drugs")], ["category", "", "letter or digit"]),
    (SUMMARY, &[("category", "")], ["category", "", "letter or digit"]),
    (SUMMARY, &[("category", "!!!")], ["category", "!!!", "letter or digit"]),
    // resolution, cell, bandwidth
    (HEX, &[("resolution", "6")], ["resolution", "6", "7 to 11"]),
    (HEX, &[("resolution", "12")], ["resolution", "12", "7 to 11"]),
    (HEX, &[("resolution", "9.5")], ["resolution", "9.5", "7 to 11"]),
    (HEX, &[("resolution", "-9")], ["resolution", "-9", "7 to 11"]),
    (HEX, &[("resolution", "99999999999999999999")], ["resolution", "99999999999999999999", "7 to 11"]),
    (HEX, &[("resolution", "NaN")], ["resolution", "NaN", "7 to 11"]),
    (SQUARES, &[("cell_m", "49")], ["cell_m", "49", "50 to 2000"]),
    (SQUARES, &[("cell_m", "2001")], ["cell_m", "2001", "50 to 2000"]),
    (SQUARES, &[("cell_m", "150.5")], ["cell_m", "150.5", "whole number"]),
    (SQUARES, &[("cell_m", "")], ["cell_m", "", "50 to 2000"]),
    (SQUARES, &[("resolution", "9")], ["resolution", "resolution=9", "cell_m"]),
    // statistics
    (SQUARES, &[("neighbours", "bishop")], ["neighbours", "bishop", "queen, rook"]),
    (HEX, &[("statistic", "z")], ["statistic", "z", "gi-star, gi, local-moran"]),
    (HEX, &[("statistic", "local-moran"), ("permutations", "98")], ["permutations", "98", "99 to 99999"]),
    (HEX, &[("statistic", "local-moran"), ("permutations", "1e3")], ["permutations", "1e3", "99 to 99999"]),
    (HEX, &[("statistic", "local-moran"), ("seed", "-1")], ["seed", "-1", "0 to"]),
    (HEX, &[("permutations", "999")], ["permutations", "999", "only statistic=local-moran"]),
    (SQUARES, &[("statistic", "gi"), ("seed", "7")], ["seed", "7", "only statistic=local-moran"]),
    (DENSITY, &[("cell_m", "NaN")], ["cell_m", "NaN", "finite"]),
    (DENSITY, &[("cell_m", "inf")], ["cell_m", "inf", "finite"]),
    (DENSITY, &[("cell_m", "1e999")], ["cell_m", "1e999", "finite"]),
    (DENSITY, &[("cell_m", "0")], ["cell_m", "0", "above zero"]),
    (DENSITY, &[("cell_m", "-50")], ["cell_m", "-50", "above zero"]),
    (DENSITY, &[("cell_m", "0.001")], ["cell_m", "0.001", "5 to 2000"]),
    (DENSITY, &[("cell_m", "1e300")], ["cell_m", "1", "5 to 2000"]),
    (DENSITY, &[("cell_m", "5")], ["cell_m", "5", "cells"]),
    (DENSITY, &[("cell_m", "wide")], ["cell_m", "wide", "finite"]),
    (DENSITY, &[("bandwidth_m", "-inf")], ["bandwidth_m", "-inf", "finite"]),
    (DENSITY, &[("bandwidth_m", "9.9")], ["bandwidth_m", "9.9", "10 to 20000"]),
    (DENSITY, &[("bandwidth_m", "20001")], ["bandwidth_m", "20001", "10 to 20000"]),
    (DENSITY, &[("bandwidth_m", "")], ["bandwidth_m", "", "finite"]),
    // classes, hotspots, clusters
    (DENSITY, &[("classes", "jenks:5")], ["classes", "jenks:5", "incremental-mean"]),
    (DENSITY, &[("classes", "quantile:1")], ["classes", "1", "2 to 21"]),
    (DENSITY, &[("classes", "volume:50,150")], ["classes", "150", "at most 100"]),
    (DENSITY, &[("classes", "limits:20,10")], ["classes", "10", "ascending"]),
    (DENSITY, &[("class", "3")], ["class", "class=3", "classes"]),
    (HOTSPOTS, &[("class", "0")], ["class", "0", "1 to 20"]),
    (HOTSPOTS, &[("class", "6")], ["class", "6", "incremental-mean are 1 to 5"]),
    (HOTSPOTS, &[("classes", "volume:50"), ("class", "2")], ["class", "2", "volume:50 are 1 to 1"]),
    (HOTSPOTS, &[("cell_m", "NaN")], ["cell_m", "NaN", "finite"]),
    (HOTSPOTS, &[("minimum_count", "-1")], ["minimum_count", "-1", "0 to 1000000"]),
    (HOTSPOTS, &[("minimum_area_m2", "-1")], ["minimum_area_m2", "-1", "1 m² or more"]),
    (HOTSPOTS, &[("minimum_area_m2", "NaN")], ["minimum_area_m2", "NaN", "finite"]),
    (HOTSPOTS, &[("streets", "21")], ["streets", "21", "0 to 20"]),
    (HOTSPOTS, &[("resamples", "98")], ["resamples", "98", "99 to 999"]),
    (HOTSPOTS, &[("resamples", "many")], ["resamples", "many", "99 to 999"]),
    (HOTSPOTS, &[("resamples", "999"), ("cell_m", "8")], ["resamples", "999", "a larger cell_m"]),
    (HOTSPOTS, &[("seed", "-1")], ["seed", "-1", "0 to 4294967295"]),
    (HOTSPOTS, &[("f", "json")], ["f", "json", "geojson, csv"]),
    (CLUSTERS, &[("eps_m", "1")], ["eps_m", "1", "2 to 5000"]),
    (CLUSTERS, &[("eps_m", "0")], ["eps_m", "0", "above zero"]),
    (CLUSTERS, &[("eps_m", "wide")], ["eps_m", "wide", "finite"]),
    (CLUSTERS, &[("min_points", "1")], ["min_points", "1", "2 to 10000"]),
    (CLUSTERS, &[("bandwidth_m", "100")], ["bandwidth_m", "bandwidth_m=100", "eps_m"]),
    // time
    (CHANGE, &[("compare", "none")], ["compare", "none", "a period to compare with"]),
    (CHANGE, &[("period", "2025-01"), ("compare", "2025-01")], ["compare", "2025-01", "overlap"]),
    (CHANGE, &[("confidence", "95")], ["confidence", "95", "0.5 to 0.9999"]),
    (CHANGE, &[("confidence", "NaN")], ["confidence", "NaN", "finite"]),
    (CHANGE, &[("significance", "0.1")], ["significance", "significance=0.1", "confidence"]),
    (TREND, &[("period", "2025-01-05/2025-06-30")], ["period", "2025-01-05/2025-06-30", "whole months"]),
    (TREND, &[("compare", "before")], ["compare", "compare=before", "not a parameter"]),
    (EMERGING, &[("period", "2025-01-02")], ["period", "2025-01-02", "whole months"]),
    (EMERGING, &[("resolution", "6")], ["resolution", "6", "7 to 11"]),
    (EMERGING, &[("rings", "6")], ["rings", "6", "0 to 5"]),
    (EMERGING, &[("steps_back", "-1")], ["steps_back", "-1", "0 to 24"]),
    (
        EMERGING,
        &[("window", "cube")],
        ["window", "cube", "entire-cube, neighbourhood-steps, individual-step"],
    ),
    (EMERGING, &[("significance", "0")], ["significance", "0", "0.0001 to 0.5"]),
    (EMERGING, &[("trend_significance", "0.6")], ["trend_significance", "0.6", "0.0001 to 0.5"]),
    (EMERGING, &[("fdr", "yes")], ["fdr", "yes", "true, false"]),
    (EMERGING, &[("definition", "arcgis")], ["definition", "arcgis", "current, arcgis-2.x"]),
    (EMERGING, &[("series", "true")], ["series", "true", "include, omit"]),
    (EMERGING, &[("cells", "some")], ["cells", "some", "all, patterns"]),
    ("/analysis/seasonality", &[("period", "2025-02-03")], ["period", "2025-02-03", "whole months"]),
    ("/analysis/seasonality", &[("f", "geojson")], ["f", "geojson", "json, csv"]),
    ("/analysis/hours", &[("confidence", "0.9")], ["confidence", "confidence=0.9", "not a parameter"]),
    // rules for a bandwidth, accuracy
    (DENSITY, &[("bandwidth_rule", "knn")], ["bandwidth_rule", "knn", "scott"]),
    (DENSITY, &[("bandwidth_rule", "nearest-0")], ["bandwidth_rule", "nearest-0", "255"]),
    (
        DENSITY,
        &[("bandwidth_rule", "scott"), ("bandwidth_m", "400")],
        ["bandwidth_rule", "scott", "not both"],
    ),
    (BANDWIDTHS, &[("kernel", "normal")], ["kernel", "normal", "gaussian"]),
    (BANDWIDTHS, &[("bandwidth_m", "400")], ["bandwidth_m", "bandwidth_m=400", "bandwidth_rule"]),
    (BANDWIDTHS, &[("cell_m", "4")], ["cell_m", "4", "5 to 2000"]),
    (ACCURACY, &[("test", "2025")], ["test", "2025", "a period is"]),
    (ACCURACY, &[("period", "2025-01"), ("test", "2025-01")], ["test", "2025-01", "begins after"]),
    (ACCURACY, &[("coverage", "5")], ["coverage", "5", "at most 1"]),
    (ACCURACY, &[("coverage", "0.1,,0.2")], ["coverage", "", "finite"]),
    (ACCURACY, &[("coverage", "NaN")], ["coverage", "NaN", "finite"]),
    (ACCURACY, &[("map", "heat")], ["map", "heat", "density, counts, gi-star"]),
    (ACCURACY, &[("map", "counts"), ("kernel", "quartic")], ["map", "counts", "density only"]),
    (ACCURACY, &[("bandwidth_m", "9")], ["bandwidth_m", "9", "10 to 20000"]),
    (ACCURACY, &[("ground", "streets")], ["ground", "streets", "area, cells"]),
    (ACCURACY, &[("table", "all")], ["table", "all", "figures, curve"]),
    (ACCURACY, &[("resolution", "12")], ["resolution", "12", "7 to 11"]),
    // positions
    (GEOCODE, &[], ["position", "", "lon and lat"]),
    (GEOCODE, &[("lon", "-2.08")], ["position", "", "lon and lat"]),
    (GEOCODE, &[("lon", "-2.08"), ("northing", "290000")], ["position", "", "only one of them"]),
    (GEOCODE, &[("lon", "NaN"), ("lat", "52.5")], ["lon", "NaN", "finite"]),
    (GEOCODE, &[("lon", "-2.08"), ("lat", "-inf")], ["lat", "-inf", "finite"]),
    (GEOCODE, &[("lon", "-200"), ("lat", "52.5")], ["lon", "-200", "-180 and 180"]),
    (GEOCODE, &[("lon", "-2.08"), ("lat", "95")], ["lat", "95", "-90 and 90"]),
    (GEOCODE, &[("lon", "52.5"), ("lat", "-2.08")], ["lon", "52.5", ""]),
    (GEOCODE, &[("lon", "0"), ("lat", "0")], ["lon", "0 0", ""]),
    (GEOCODE, &[("easting", "-1"), ("northing", "290000")], ["easting", "-1", "700000"]),
    (GEOCODE, &[("easting", "394550"), ("northing", "1300001")], ["northing", "1300001", "1300000"]),
    (GEOCODE, &[("easting", "394,550"), ("northing", "290550")], ["easting", "394,550", "finite"]),
    (GEOCODE, &[("gridref", "SO 945 90")], ["gridref", "SO 945 90", "even number"]),
    (GEOCODE, &[("gridref", "II 12")], ["gridref", "II 12", "no square"]),
    (GEOCODE, &[("gridref", "")], ["gridref", "", "two letters"]),
    // places of incidents
    (INCIDENTS, &[], ["bbox, near", "", "give bbox"]),
    (INCIDENTS, &[("bbox", "-2.1,52.4,-2.0,52.5"), ("near", "-2.1,52.4")], ["bbox, near", "", "give bbox"]),
    (INCIDENTS, &[("radius_m", "100")], ["bbox, near", "", "give bbox"]),
    (INCIDENTS, &[("bbox", "-2.1,52.4,-2.0")], ["bbox", "-2.1,52.4,-2.0", "four numbers"]),
    (INCIDENTS, &[("bbox", "-2.0,52.4,-2.1,52.5")], ["bbox", "-2.0,52.4,-2.1,52.5", "west below east"]),
    (INCIDENTS, &[("bbox", "52.4,-2.1,52.5,-2.0")], ["bbox", "52.4,-2.1,52.5,-2.0", ""]),
    (INCIDENTS, &[("bbox", "-2.1,NaN,-2.0,52.5")], ["bbox", "-2.1,NaN,-2.0,52.5", "'NaN' is not one"]),
    (INCIDENTS, &[("bbox", "a,b,c,d")], ["bbox", "a,b,c,d", "'a' is not one"]),
    (INCIDENTS, &[("near", "-2.1")], ["near", "-2.1", "lon,lat"]),
    (INCIDENTS, &[("near", "-2.1,52.5,3")], ["near", "52.5,3", "finite"]),
    (INCIDENTS, &[("near", "52.5,-2.1")], ["near", "52.5,-2.1", ""]),
    (INCIDENTS, &[("near", "-2.1,inf")], ["near", "inf", "finite"]),
    (INCIDENTS, &[("near", "-2.1,52.5"), ("radius_m", "0")], ["radius_m", "0", "above zero"]),
    (INCIDENTS, &[("near", "-2.1,52.5"), ("radius_m", "NaN")], ["radius_m", "NaN", "finite"]),
    (INCIDENTS, &[("near", "-2.1,52.5"), ("limit", "0")], ["limit", "0", "1 to 10000"]),
    (INCIDENTS, &[("near", "-2.1,52.5"), ("limit", "10001")], ["limit", "10001", "1 to 10000"]),
    (INCIDENTS, &[("near", "-2.1,52.5"), ("limit", "ten")], ["limit", "ten", "1 to 10000"]),
    // filters
    (SUMMARY, &[("filter", "")], ["filter", "", "CQL2"]),
    (SUMMARY, &[("filter", "category =")], ["filter", "category =", "CQL2"]),
    (SUMMARY, &[("filter", "category = 'a' or")], ["filter", "category = 'a' or", ""]),
    (SUMMARY, &[("filter", "category")], ["filter", "category", "a condition"]),
    (SUMMARY, &[("filter", "colour = 'red'")], ["filter", "colour = 'red'", "no property 'colour'"]),
    (SUMMARY, &[("filter", "category = 7")], ["filter", "category = 7", "single quotes"]),
    (SUMMARY, &[("filter", "weight like '1%'")], ["filter", "weight like '1%'", ""]),
    (SUMMARY, &[("filter", "s_within(street, POINT(0 0))")], ["filter", "s_within(street, POINT(0 0))", ""]),
    (SUMMARY, &[("filter", "'; drop table incidents; --")], ["filter", "'; drop table incidents; --", ""]),
    // point pattern, concentration, rates
    ("/weights", &[("f", "csv")], ["f", "f=csv", "takes no parameters"]),
    ("/weights/cchi-2026", &[("f", "geojson")], ["f", "geojson", "json, csv"]),
    (PATTERN, &[("spread", "yuill")], ["spread", "yuill", "plain, crimestat"]),
    (PATTERN, &[("farthest_m", "5")], ["farthest_m", "5", "10 to 10000"]),
    (PATTERN, &[("farthest_m", "-5")], ["farthest_m", "-5", "above zero"]),
    (PATTERN, &[("steps", "0")], ["steps", "0", "1 to 100"]),
    (PATTERN, &[("replications", "98")], ["replications", "98", "99 to 9999"]),
    (
        PATTERN,
        &[("replications", "9999"), ("farthest_m", "5000"), ("period", "2024-01/2025-12")],
        ["replications", "9999", "fewer replications"],
    ),
    (PATTERN, &[("seed", "-1")], ["seed", "-1", "0 to 4294967295"]),
    (CONCENTRATION, &[("unit", "Ward 1")], ["unit", "Ward 1", "a-z"]),
    (CONCENTRATION, &[("unit", "places"), ("resolution", "9")], ["resolution", "9", "only hex cells"]),
    (CONCENTRATION, &[("cell_m", "150")], ["cell_m", "150", "only squares"]),
    (CONCENTRATION, &[("unit", "squares"), ("cell_m", "49")], ["cell_m", "49", "50 to 2000"]),
    (
        CONCENTRATION,
        &[("resolution", "11"), ("resamples", "9999"), ("seed", "3")],
        ["resamples", "9999", "fewer resamples"],
    ),
    (CONCENTRATION, &[("resolution", "12")], ["resolution", "12", "7 to 11"]),
    (CONCENTRATION, &[("measure", "harm")], ["measure", "harm", "count, weighted"]),
    (CONCENTRATION, &[("resamples", "10")], ["resamples", "10", "99 to 9999"]),
    ("/analysis/repeats", &[("limit", "0")], ["limit", "0", "1 to 10000"]),
    ("/analysis/rates/ward", &[("per", "people")], ["per", "people", "residents, households"]),
    ("/analysis/rates/ward", &[("unit", "ward")], ["unit", "unit=ward", "per"]),
    ("/analysis/location-quotients/ward", &[("least", "0")], ["least", "0", "1 to 10000"]),
];

/// Address and query, and what the answer says: the name that is not there, and one that is.
const UNKNOWN: &[Row] = &[
    (RISK, &[("against_priority", "none")], ["priority", "none", "burglary"]),
    ("/layers/parish", &[], ["boundary layer", "parish", "ward, beat"]),
    ("/summaries/Ward", &[], ["boundary layer", "Ward", "ward, beat"]),
    ("/analysis/change/lsoa", &[], ["boundary layer", "lsoa", "ward, beat"]),
    ("/analysis/trend/lsoa", &[], ["boundary layer", "lsoa", "ward, beat"]),
    ("/analysis/hours", &[("within", "ward/none")], ["area of that layer", "none", "E05001236"]),
    ("/summaries/lsoa", &[("f", "csv")], ["boundary layer", "lsoa", "ward, beat"]),
    ("/priorities/knives", &[], ["priority", "knives", "burglary"]),
    (DENSITY, &[("priority", "knives")], ["priority", "knives", "burglary"]),
    (ACCURACY, &[("priority", "knives")], ["priority", "knives", "burglary"]),
    (BANDWIDTHS, &[("within", "ward/none")], ["area of that layer", "none", "E05"]),
    (HEX, &[("priority", "Violence")], ["priority", "Violence", "violence"]),
    (HEX, &[("weights", "guesses")], ["table of weights", "guesses", "none"]),
    (HEX, &[("within", "parish/1")], ["boundary layer", "parish", "ward"]),
    (HEX, &[("within", "ward/none")], ["area of that layer", "none", "E05"]),
    (SQUARES, &[("priority", "knives")], ["priority", "knives", "burglary"]),
    (SUMMARY, &[("priority", "knives")], ["priority", "knives", "burglary"]),
    (SUMMARY, &[("priority", "")], ["priority", "", "burglary"]),
    (SUMMARY, &[("category", "jaywalking")], ["category", "jaywalking", "burglary"]),
    (SUMMARY, &[("category", "burglary,jaywalking")], ["category", "jaywalking", "burglary"]),
    (
        HEX,
        &[("priority", "violence"), ("category", "burglary")],
        ["category of this priority", "burglary", "violence-and-sexual-offences"],
    ),
    (SUMMARY, &[("source", "interpol")], ["source", "interpol", "synthetic-police"]),
    (INCIDENTS, &[("near", "-2.1,52.5"), ("source", "a,b")], ["source", "a", "synthetic-police"]),
    ("/imports/0123456789abcdef/rejects/rows.rejects.csv", &[], ["", "", ""]),
    ("/imports/../rejects/rows.rejects.csv", &[], ["", "", ""]),
    ("/imports/%2e%2e/rejects/incidents.gpkg", &[], ["", "", ""]),
    ("/imports/0123456789abcdef/rejects/..%2f..%2fincidents.gpkg", &[], ["", "", ""]),
    ("/weights/cchi", &[], ["table of weights", "cchi", "cchi-2026, ons-css-2018"]),
    ("/analysis/rates/parish", &[], ["boundary layer", "parish", "ward, beat"]),
    ("/analysis/location-quotients/parish", &[], ["boundary layer", "parish", "ward, beat"]),
    (CONCENTRATION, &[("unit", "parish")], ["boundary layer", "parish", "ward, beat"]),
];

fn address(path: &str, query: &[(&str, &str)]) -> String {
    let parts: Vec<_> =
        query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

#[test]
fn every_bad_request_is_answered_by_place_value_and_rule() {
    let app = TestApp::shared();
    let mut wrong = Vec::new();
    for (path, query, [place, value, rule]) in BAD_REQUESTS {
        let address = address(path, query);
        let answer = app.get(&address);
        let faults = answer.faults();
        let listed = &faults[..faults.len() - 1];
        let told = listed.iter().any(|[at, given, broken]| {
            at.contains(place) && given.contains(value) && broken.contains(rule) && !broken.is_empty()
        });
        if answer.status != 400 || !told {
            wrong.push(format!("{address}: {} {}", answer.status, answer.text()));
        }
    }
    assert!(BAD_REQUESTS.len() >= 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_does_not_exist_is_named_beside_what_does() {
    let app = TestApp::shared();
    for (path, query, [kind, name, known]) in UNKNOWN {
        let address = address(path, query);
        let refused = if path.contains("..") {
            app.ask_unchecked("GET", &address, &[], b"").expect(404)
        } else {
            app.get(&address).expect(404)
        };
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        for word in [kind, name, known] {
            assert!(detail.contains(word), "{address}: {detail}");
        }
    }
}

#[test]
fn all_faults_of_a_request_are_told_together() {
    let app = TestApp::shared();
    let address =
        "/analysis/density?priority=violence&period=2025-13&cell_m=NaN&colour=red&f=png&compare=x&compare=y";
    let refused = app.get(address).expect(400);
    let faults = refused.faults();
    let places: Vec<_> = faults.iter().map(|[place, ..]| place.as_str()).collect();
    for name in ["period", "cell_m", "colour", "f", "compare"] {
        assert!(
            places.iter().any(|place| *place == format!("query parameter {name}")),
            "{name} in {places:?}"
        );
    }
}

#[test]
fn a_long_value_is_not_thrown_back_whole() {
    let app = TestApp::shared();
    for name in ["period", "category", "source", "filter", "priority", "f", "compare", "nonsense"] {
        let value = "9".repeat(3_000);
        let refused = app.get(&format!("/summaries/ward?{name}={value}"));
        assert!((400..500).contains(&refused.status));
        assert!(refused.body.len() < 4_000, "{name}: {} bytes", refused.body.len());
    }
}

#[test]
fn deep_or_long_filters_are_refused_at_once() {
    let app = TestApp::shared();
    for filter in [
        format!("{}category = 'a'{}", "(".repeat(500), ")".repeat(500)),
        format!("{} category = 'a'", "not ".repeat(300)),
        "-".repeat(1_000) + "1 = weight",
        "casei(".repeat(300) + "street" + &")".repeat(300) + " = 'a'",
        "category = 'a' or ".repeat(120) + "category = 'b'",
        "street like '".to_owned() + &"%a".repeat(900) + "'",
        "weight = 1 + ".repeat(150) + "1",
        "weight = 2 ^ ".repeat(150) + "1",
        "'".repeat(1_999),
    ] {
        let answer = app.get(&address(SUMMARY, &[("filter", &filter)]));
        assert!(answer.status == 200 || answer.status == 400, "{filter}: {}", answer.text());
    }
}

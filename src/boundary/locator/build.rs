//! Building the cell table.

use geo::{BoundingRect, Kernel, LinesIter, Orientation, kernels::RobustKernel};
use geo_types::{Coord, Line, MultiPolygon};

use super::{
    cells::{BorderCell, Candidate, Cell, CellTable, Edge, Lattice, SIDE, cell_index},
    holds,
};

/// Where in a cell the reference point is looked for, as shares of its width and height. The first
/// that lies on no line of the cell's edges is taken.
const REFERENCES: [(f64, f64); 5] =
    [(0.5, 0.5), (0.387_6, 0.541_3), (0.613_7, 0.358_9), (0.271_4, 0.713_9), (0.823_1, 0.182_7)];

/// An edge is noted in every cell it comes this near to, in metres and on top in widths of a cell, so
/// that no rounding in [`Lattice::cell_of`] can bring a point into a cell that does not know an edge
/// beside it. A noted edge that does not pass through the cell costs time and changes nothing.
const MARGIN: f64 = 1e-6;

/// An area with edges in a cell.
struct Part {
    cell: u32,
    area: u16,
    edge: Line<f64>,
}

/// Builds the table of the shapes, whose index is their area's.
pub(super) fn table(shapes: &[MultiPolygon<f64>]) -> CellTable {
    let lattice = lattice_over(shapes);
    let mut covering: Vec<Option<u16>> = vec![None; (SIDE * SIDE) as usize];
    let mut parts: Vec<Part> = Vec::new();
    for (area, shape) in (0..=u16::MAX).zip(shapes) {
        let from = parts.len();
        for edge in shape.lines_iter().filter(|edge| edge.start != edge.end) {
            visit_cells(&lattice, edge, |cell| parts.push(Part { cell, area, edge }));
        }
        note_covered(&lattice, area, shape, &parts[from..], &mut covering);
    }
    // Stable: within a cell the areas stay in order, and each one's edges together.
    parts.sort_by_key(|part| part.cell);
    let mut table = CellTable {
        lattice,
        cells: covering.iter().map(|area| area.map_or(Cell::EMPTY, Cell::covered)).collect(),
        borders: Vec::new(),
        candidates: Vec::new(),
        edges: Vec::new(),
    };
    for in_cell in parts.chunk_by(|a, b| a.cell == b.cell) {
        add_border_cell(&mut table, in_cell, covering[in_cell[0].cell as usize], shapes);
    }
    table
}

fn lattice_over(shapes: &[MultiPolygon<f64>]) -> Lattice {
    let boxes = shapes.iter().filter_map(BoundingRect::bounding_rect);
    let around = boxes.map(|rect| (rect.min(), rect.max())).reduce(|(min, max), (low, high)| {
        (
            Coord { x: min.x.min(low.x), y: min.y.min(low.y) },
            Coord { x: max.x.max(high.x), y: max.y.max(high.y) },
        )
    });
    let (min, max) = around.unwrap_or_default();
    Lattice::new(min, max)
}

/// Calls `visit` with every cell that the edge passes through or comes within [`MARGIN`] of.
fn visit_cells(lattice: &Lattice, edge: Line<f64>, mut visit: impl FnMut(u32)) {
    let size = lattice.cell_size();
    let margin = Coord { x: MARGIN, y: MARGIN } + size * MARGIN;
    let rect = edge.bounding_rect();
    let (west, south) = lattice.cell_of(rect.min() - margin);
    let (east, north) = lattice.cell_of(rect.max() + margin);
    for row in south..=north {
        for column in west..=east {
            let low = corner(lattice, column, row) - margin;
            let high = corner(lattice, column + 1, row + 1) + margin;
            if passes_through(edge, low, high) {
                visit(row * SIDE + column);
            }
        }
    }
}

fn corner(lattice: &Lattice, column: u32, row: u32) -> Coord<f64> {
    let size = lattice.cell_size();
    lattice.min + Coord { x: f64::from(column) * size.x, y: f64::from(row) * size.y }
}

/// Whether the corners of the box lie on both sides of the edge's line. The boxes of the two overlap
/// already, so this decides it; rounding here is some 1e-11 m, far below the margin around the box.
fn passes_through(edge: Line<f64>, low: Coord<f64>, high: Coord<f64>) -> bool {
    let delta = edge.delta();
    let side = |x: f64, y: f64| delta.x * (y - edge.start.y) - delta.y * (x - edge.start.x);
    let sides = [side(low.x, low.y), side(high.x, low.y), side(high.x, high.y), side(low.x, high.y)];
    !(sides.iter().all(|&side| side > 0.0) || sides.iter().all(|&side| side < 0.0))
}

/// Enters the area into the cells that it covers whole, unless one before it does.
///
/// Neighbouring cells without an edge are on the same side of the border, so that along a row the
/// whole test is made only after edges.
fn note_covered(
    lattice: &Lattice,
    area: u16,
    shape: &MultiPolygon<f64>,
    parts: &[Part],
    covering: &mut [Option<u16>],
) {
    let Some(rect) = shape.bounding_rect() else { return };
    let (west, south) = lattice.cell_of(rect.min());
    let (east, north) = lattice.cell_of(rect.max());
    let mut has_edge = vec![false; covering.len()];
    for part in parts {
        has_edge[part.cell as usize] = true;
    }
    for row in south..=north {
        let mut known = None;
        for column in west..=east {
            let cell = cell_index(column, row);
            if has_edge[cell] {
                known = None;
                continue;
            }
            let covered =
                *known.get_or_insert_with(|| holds(shape, inner_point(lattice, column, row, 0.5, 0.5)));
            if covered && covering[cell].is_none() {
                covering[cell] = Some(area);
            }
        }
    }
}

fn inner_point(lattice: &Lattice, column: u32, row: u32, across: f64, up: f64) -> Coord<f64> {
    let size = lattice.cell_size();
    corner(lattice, column, row) + Coord { x: across * size.x, y: up * size.y }
}

/// Adds a cell with borders, unless an area before all of theirs covers it.
fn add_border_cell(
    table: &mut CellTable,
    in_cell: &[Part],
    covering: Option<u16>,
    shapes: &[MultiPolygon<f64>],
) {
    let cell = in_cell[0].cell;
    let before = in_cell.partition_point(|part| covering.is_none_or(|covering| part.area < covering));
    let in_cell = &in_cell[..before];
    if in_cell.is_empty() {
        return;
    }
    let reference = reference_point(&table.lattice, cell, in_cell);
    let first_candidate = table.candidates.len();
    for of_area in in_cell.chunk_by(|a, b| a.area == b.area) {
        let area = of_area[0].area;
        let first_edge = table.edges.len();
        match reference {
            Some(reference) => table.edges.extend(of_area.iter().map(|part| {
                let Line { start, end } = part.edge;
                Edge { start, end, reference_side: RobustKernel::orient2d(start, end, reference) }
            })),
            None => table.edges.push(UNDECIDED),
        }
        table.candidates.push(Candidate {
            area,
            holds_reference: reference.is_some_and(|at| holds(&shapes[usize::from(area)], at)),
            edges: first_edge..table.edges.len(),
        });
    }
    if let Some(area) = covering {
        let end = table.edges.len();
        table.candidates.push(Candidate { area, holds_reference: true, edges: end..end });
    }
    table.cells[cell as usize] = Cell::border(table.borders.len());
    table.borders.push(BorderCell {
        reference: reference.unwrap_or_default(),
        candidates: first_candidate..table.candidates.len(),
    });
}

/// An edge without length: every point is on its line, so the whole test decides.
const UNDECIDED: Edge = Edge {
    start: Coord { x: 0.0, y: 0.0 },
    end: Coord { x: 0.0, y: 0.0 },
    reference_side: Orientation::Collinear,
};

fn reference_point(lattice: &Lattice, cell: u32, in_cell: &[Part]) -> Option<Coord<f64>> {
    REFERENCES.iter().map(|&(across, up)| inner_point(lattice, cell % SIDE, cell / SIDE, across, up)).find(
        |&at| {
            in_cell.iter().all(|Part { edge, .. }| {
                RobustKernel::orient2d(edge.start, edge.end, at) != Orientation::Collinear
            })
        },
    )
}

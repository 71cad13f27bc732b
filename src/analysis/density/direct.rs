//! A raster row by evaluating every kernel over the columns that it reaches.

use super::Field;

/// Columns are handled in groups of this many, which a processor's vector registers hold.
const GROUP: usize = 4;

/// The groups of columns that a kernel can reach in any row.
#[derive(Clone, Copy)]
pub(super) struct Span {
    first: u32,
    end: u32,
}

/// Sums and column positions of one row, in whole groups.
pub(super) struct Buffer {
    sums: Vec<[f64; GROUP]>,
    columns: Vec<[f64; GROUP]>,
}

pub(super) fn buffer(field: &Field) -> Buffer {
    let group = |columns: &[f64]| std::array::from_fn(|i| columns.get(i).copied().unwrap_or(f64::INFINITY));
    let columns: Vec<_> = field.columns.chunks(GROUP).map(group).collect();
    Buffer { sums: vec![[0.0; GROUP]; columns.len()], columns }
}

/// The span of each point of the field.
pub(super) fn spans(field: &Field) -> Vec<Span> {
    // The first column whose centre is east of `east`, at most the number of columns. A kernel is zero
    // at its rim, so that the side on which rounding puts a centre makes no difference.
    let column_after = |east: f64| {
        let column = (east * field.columns_per_bandwidth + 0.5).max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative; what is too large is cut to the number of columns"
        )]
        (column as usize).min(field.columns.len())
    };
    let group = |column: usize| u32::try_from(column / GROUP).unwrap_or(u32::MAX);
    let span = |&east: &f64| Span {
        first: group(column_after(east - 1.0)),
        end: group(column_after(east + 1.0) + GROUP - 1),
    };
    field.east.iter().map(span).collect()
}

/// Writes the values of one row.
pub(super) fn row(
    field: &Field,
    spans: &[Span],
    row: usize,
    height: f64,
    buffer: &mut Buffer,
    values: &mut [f64],
) {
    let north = field.row(row);
    let near = super::near(&field.north, north);
    let points = spans[near.clone()]
        .iter()
        .zip(&field.east[near.clone()])
        .zip(field.north[near.clone()].iter().zip(&field.weight[near]));
    for ((span, &east), (&point_north, &weight)) in points {
        let dn = north - point_north;
        let rest = 1.0 - dn * dn;
        let reach = span.first as usize..span.end as usize;
        let groups = buffer.sums[reach.clone()].iter_mut().zip(&buffer.columns[reach]);
        for (sums, columns) in groups {
            for (sum, column) in sums.iter_mut().zip(columns) {
                let de = column - east;
                let base = rest - de * de;
                let base = if base > 0.0 { base } else { 0.0 };
                *sum += weight * (base * base);
            }
        }
    }
    for (value, sum) in values.iter_mut().zip(buffer.sums.as_flattened_mut()) {
        *value = *sum * height;
    }
    buffer.sums.fill([0.0; GROUP]);
}

//! Geometries as commands (Mapbox Vector Tile Specification 2.1, §4.3).

use i_overlay::i_float::int::point::IntPoint;

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Commands that draw one geometry.
#[derive(Default)]
pub struct Path {
    commands: Vec<u32>,
    cursor: IntPoint,
}

impl Path {
    /// A path of a single position.
    pub fn at(position: IntPoint) -> Vec<u32> {
        let mut path = Self::default();
        path.command(MOVE_TO, 1);
        path.step(position);
        path.commands
    }

    /// Adds a ring, whose first corner is not repeated at its end.
    pub fn ring(&mut self, corners: &[IntPoint]) {
        let Some((first, others)) = corners.split_first() else { return };
        self.command(MOVE_TO, 1);
        self.step(*first);
        self.command(LINE_TO, others.len());
        for corner in others {
            self.step(*corner);
        }
        self.command(CLOSE_PATH, 1);
    }

    /// The commands; none where nothing was drawn.
    pub fn finish(self) -> Vec<u32> {
        self.commands
    }

    /// A command with its count, of which the format has 29 bits and a ring of a layer far fewer corners.
    fn command(&mut self, command: u32, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.commands.push((count << 3) | command);
    }

    /// The way from the last position to this one, small numbers of either sign first.
    fn step(&mut self, to: IntPoint) {
        let zigzag = |way: i32| ((way << 1) ^ (way >> 31)).cast_unsigned();
        self.commands.push(zigzag(to.x.wrapping_sub(self.cursor.x)));
        self.commands.push(zigzag(to.y.wrapping_sub(self.cursor.y)));
        self.cursor = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(numbers: &[[i32; 2]]) -> Vec<IntPoint> {
        numbers.iter().map(|[x, y]| IntPoint::new(*x, *y)).collect()
    }

    /// The examples of the specification, §4.3.5.
    #[test]
    fn the_examples_of_the_specification_come_out() {
        assert_eq!(Path::at(IntPoint::new(25, 17)), [9, 50, 34]);
        let mut path = Path::default();
        path.ring(&corners(&[[3, 6], [8, 12], [20, 34]]));
        assert_eq!(path.finish(), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
        let mut path = Path::default();
        path.ring(&corners(&[[0, 0], [10, 0], [10, 10], [0, 10]]));
        path.ring(&corners(&[[11, 11], [20, 11], [20, 20], [11, 20]]));
        path.ring(&corners(&[[13, 13], [13, 17], [17, 17], [17, 13]]));
        let expected = [
            9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8,
            8, 0, 0, 7, 15,
        ];
        assert_eq!(path.finish(), expected);
    }
}

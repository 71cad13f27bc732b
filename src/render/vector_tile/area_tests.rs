use super::*;

fn ring(corners: &[(i32, i32)]) -> Vec<IntPoint> {
    corners.iter().map(|(x, y)| IntPoint::new(*x, *y)).collect()
}

#[test]
fn simple_rings_are_told_from_others() {
    for simple in [
        ring(&[(0, 0), (4, 0), (4, 4), (0, 4)]),
        ring(&[(0, 4), (4, 4), (4, 0), (0, 0)]),
        ring(&[(0, 0), (3, 1), (1, 3)]),
        // A corner on a side, and one inwards.
        ring(&[(0, 0), (2, 0), (4, 0), (0, 4)]),
        ring(&[(0, 0), (4, 0), (1, 1), (0, 4)]),
    ] {
        assert!(is_simple(&simple), "{simple:?}");
    }
    for other in [
        ring(&[]),
        ring(&[(0, 0), (1, 1)]),
        // On a line, and there and back.
        ring(&[(0, 0), (2, 0), (4, 0)]),
        ring(&[(0, 0), (4, 0), (2, 0)]),
        ring(&[(0, 0), (4, 0), (4, 4), (4, 2)]),
        // A bow tie.
        ring(&[(0, 0), (4, 4), (4, 0), (0, 4)]),
        // A star of five points, which turns one way but twice around.
        ring(&[(0, -10), (6, 8), (-10, -3), (10, -3), (-6, 8)]),
        // A corner that touches another side, and one that is there twice.
        ring(&[(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)]),
        ring(&[(0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2)]),
    ] {
        assert!(!is_simple(&other), "{other:?}");
    }
}

#[test]
fn rings_are_turned_by_their_area() {
    let square = ring(&[(0, 0), (4, 0), (4, 4), (0, 4)]);
    assert_eq!(turned(square.clone(), true), square);
    assert_eq!(turned(turned(square.clone(), false), true), square);
}

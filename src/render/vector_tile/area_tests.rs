use super::*;

fn ring(corners: &[(i32, i32)]) -> Vec<IntPoint> {
    corners.iter().map(|(x, y)| IntPoint::new(*x, *y)).collect()
}

#[test]
fn convex_rings_are_told_from_others() {
    assert!(is_convex(&ring(&[(0, 0), (4, 0), (4, 4), (0, 4)])));
    assert!(is_convex(&ring(&[(0, 4), (4, 4), (4, 0), (0, 0)])));
    assert!(is_convex(&ring(&[(0, 0), (3, 1), (1, 3)])));
    for other in [
        ring(&[]),
        ring(&[(0, 0), (1, 1)]),
        // On a line, and there and back.
        ring(&[(0, 0), (2, 0), (4, 0)]),
        ring(&[(0, 0), (4, 0), (2, 0)]),
        // A corner on a side.
        ring(&[(0, 0), (2, 0), (4, 0), (0, 4)]),
        // A corner inwards.
        ring(&[(0, 0), (4, 0), (1, 1), (0, 4)]),
        // A bow tie.
        ring(&[(0, 0), (4, 4), (4, 0), (0, 4)]),
        // A star of five points, which turns one way but twice around.
        ring(&[(0, -10), (6, 8), (-10, -3), (10, -3), (-6, 8)]),
    ] {
        assert!(!is_convex(&other), "{other:?}");
    }
}

#[test]
fn rings_are_turned_by_their_area() {
    let square = ring(&[(0, 0), (4, 0), (4, 4), (0, 4)]);
    assert_eq!(turned(square.clone(), true), square);
    assert_eq!(turned(turned(square.clone(), false), true), square);
}

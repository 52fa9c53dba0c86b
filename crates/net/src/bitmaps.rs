//! The ten bitmaps that LeNet-5's output units compare F6 with: digits of 7x12 pixels, drawn for this project in the
//! manner of figure 3 of the paper (LeCun et al. 1998).

/// Columns of a bitmap.
pub const BITMAP_WIDTH: usize = 7;
/// Rows of a bitmap.
pub const BITMAP_HEIGHT: usize = 12;

/// The digits 0 to 9, each as its rows from top to bottom. `#` is ink.
pub const DIGIT_BITMAPS: [[&str; BITMAP_HEIGHT]; 10] = [
    [
        "..###..", ".#...#.", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#",
        ".#...#.", "..###..",
    ],
    [
        "...#...", "..##...", ".#.#...", "...#...", "...#...", "...#...", "...#...", "...#...", "...#...", "...#...",
        "...#...", ".#####.",
    ],
    [
        ".#####.", "#.....#", "#.....#", "......#", "......#", ".....#.", "....#..", "...#...", "..#....", ".#.....",
        "#......", "#######",
    ],
    [
        "#######", "......#", ".....#.", "....#..", "...#...", "..###..", ".....#.", "......#", "......#", "......#",
        "#.....#", ".#####.",
    ],
    [
        ".....#.", "....##.", "...#.#.", "..#..#.", ".#...#.", "#....#.", "#....#.", "#######", ".....#.", ".....#.",
        ".....#.", ".....#.",
    ],
    [
        "#######", "#......", "#......", "#......", "#.###..", "##...#.", "......#", "......#", "......#", "......#",
        "##...#.", "..###..",
    ],
    [
        "...###.", "..#....", ".#.....", "#......", "#......", "#.###..", "##...#.", "#.....#", "#.....#", "#.....#",
        ".#...#.", "..###..",
    ],
    [
        "#######", "#.....#", "......#", ".....#.", ".....#.", "....#..", "....#..", "...#...", "...#...", "..#....",
        "..#....", "..#....",
    ],
    [
        ".#####.", "#.....#", "#.....#", "#.....#", ".#...#.", "..###..", ".#...#.", "#.....#", "#.....#", "#.....#",
        "#.....#", ".#####.",
    ],
    [
        "..###..", ".#...#.", "#.....#", "#.....#", "#.....#", ".#...##", "..###.#", "......#", "......#", ".....#.",
        "....#..", ".###...",
    ],
];

/// Returns the bitmaps as the weight of the RBF units: `[10, 84]` (unit, pixel), row-major, +1 for ink and -1 for
/// paper.
pub fn digit_targets() -> Vec<f32> {
    let pixels = DIGIT_BITMAPS.iter().flat_map(|rows| rows.iter().flat_map(|row| row.bytes()));
    pixels.map(|pixel| if pixel == b'#' { 1.0 } else { -1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_bitmaps_are_distinct() {
        let targets = digit_targets();
        assert_eq!(targets.len(), 10 * BITMAP_WIDTH * BITMAP_HEIGHT);
        let picture = |i: usize| &targets[i * 84..(i + 1) * 84];
        for i in 0..10 {
            for j in 0..i {
                let differing = picture(i).iter().zip(picture(j)).filter(|(a, b)| a != b).count();
                assert!(differing >= 8, "{i} and {j} should differ in 8 pixels or more, and differ in {differing}");
            }
        }
    }
}

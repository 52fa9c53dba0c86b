//! The pace of the window that slides over a map.

/// How long the window stays at each of its first cells, in milliseconds.
const SLOW_MS: f64 = 420.0;

/// How many cells are shown slowly.
const SLOW_CELLS: usize = 5;

/// How long the window takes for all other cells together, in milliseconds.
const FAST_MS: f64 = 1500.0;

/// Returns how many of `cells` cells are filled `elapsed_ms` after the start. The slide is over when all are.
///
/// The first cells are slow, so that a person can follow the arithmetic. The duration depends on time alone, not on the
/// frame rate of the display.
pub fn filled_cells(elapsed_ms: f64, cells: usize) -> usize {
    let slow_ms = SLOW_MS * SLOW_CELLS as f64;
    let filled = if elapsed_ms < slow_ms {
        (elapsed_ms / SLOW_MS) as usize
    } else {
        let share = (elapsed_ms - slow_ms) / FAST_MS;
        SLOW_CELLS + (share * cells.saturating_sub(SLOW_CELLS).max(1) as f64) as usize
    };
    filled.min(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cells_take_their_time_and_the_rest_hurries() {
        assert_eq!(filled_cells(0.0, 784), 0);
        assert_eq!(filled_cells(SLOW_MS - 1.0, 784), 0);
        assert_eq!(filled_cells(SLOW_MS, 784), 1);
        assert_eq!(filled_cells(5.0 * SLOW_MS, 784), 5);
        assert_eq!(filled_cells(5.0 * SLOW_MS + FAST_MS, 784), 784);
    }

    #[test]
    fn the_slide_ends_on_maps_of_any_size() {
        for cells in [1, 2, 4, 5, 6, 100, 12_544] {
            assert_eq!(filled_cells(60_000.0, cells), cells);
        }
    }

    #[test]
    fn the_number_of_filled_cells_does_not_depend_on_how_often_it_is_asked() {
        let at =
            |frames_per_second: f64| filled_cells((2.4 * frames_per_second).round() / frames_per_second * 1e3, 1024);
        assert!(at(60.0).abs_diff(at(120.0)) <= 10);
    }
}

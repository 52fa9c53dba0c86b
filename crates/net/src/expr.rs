//! Counts that keep their arithmetic, so that the sum shown beside a total is the sum that was computed.

use std::fmt;

/// A count, written as sums and products of whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A whole number.
    Number(u64),
    /// The sum of its parts.
    Sum(Vec<Expr>),
    /// The product of its parts.
    Product(Vec<Expr>),
}

impl Expr {
    /// The count of nothing.
    pub const ZERO: Self = Self::Number(0);

    /// Returns a size as a number.
    pub fn of(n: usize) -> Self {
        Self::Number(n as u64)
    }

    /// Returns a product of sizes.
    pub fn product(factors: &[usize]) -> Self {
        Self::Product(factors.iter().map(|&n| Self::of(n)).collect())
    }

    /// Computes the total.
    pub fn value(&self) -> u64 {
        match self {
            Self::Number(n) => *n,
            Self::Sum(parts) => parts.iter().map(Self::value).sum(),
            Self::Product(parts) => parts.iter().map(Self::value).product(),
        }
    }

    /// Returns whether the count has arithmetic to show, and is not a single number.
    pub fn is_arithmetic(&self) -> bool {
        !matches!(self, Self::Number(_))
    }
}

/// Writes the arithmetic without its total: `(5*5+1)*6`.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Sum(parts) => {
                // Plus signs between products of sums have spaces around them, as a person would write them.
                let wide =
                    parts.iter().any(|p| matches!(p, Self::Product(q) if q.iter().any(|r| matches!(r, Self::Sum(_)))));
                for (i, part) in parts.iter().enumerate() {
                    if i > 0 {
                        f.write_str(if wide { " + " } else { "+" })?;
                    }
                    write!(f, "{part}")?;
                }
                Ok(())
            }
            Self::Product(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    if i > 0 {
                        f.write_str("*")?;
                    }
                    match part {
                        Self::Sum(_) => write!(f, "({part})")?,
                        _ => write!(f, "{part}")?,
                    }
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_the_arithmetic_of_its_value() {
        let c1 = Expr::Product(vec![Expr::Sum(vec![Expr::product(&[5, 5]), Expr::of(1)]), Expr::of(6)]);
        assert_eq!((c1.to_string().as_str(), c1.value()), ("(5*5+1)*6", 156));
        let two = Expr::Sum(vec![c1.clone(), c1]);
        assert_eq!((two.to_string().as_str(), two.value()), ("(5*5+1)*6 + (5*5+1)*6", 312));
    }
}

//! What a network is: a graph of named operations, its shapes and its counts.

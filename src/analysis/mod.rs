//! Pure numbers: intensity surfaces, hex layers, Gi*, area summaries.

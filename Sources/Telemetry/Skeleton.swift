enum TelemetrySkeleton {}

enum TelemetryTestsSkeleton {}

enum TwinSkeleton {}

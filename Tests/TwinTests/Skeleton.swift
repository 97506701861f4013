enum TwinTestsSkeleton {}

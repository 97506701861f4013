enum ModelsSkeleton {}

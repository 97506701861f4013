enum OCPPSkeleton {}

enum OCPPTestsSkeleton {}

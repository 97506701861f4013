enum CSMSTestsSkeleton {}

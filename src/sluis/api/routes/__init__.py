"""The routes, one file a resource. The permission of a route is in its signature."""

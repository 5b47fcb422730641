"""网格上报: the phone page of a grid worker, which goes on without network."""

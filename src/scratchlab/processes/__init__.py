"""What any process needs: signals as exceptions, locks, its identity, files that appear whole."""

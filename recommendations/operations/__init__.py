"""What any site needs: page cache, middleware, logs, metrics, backup."""

"""The national real-name standard: its objects as data, and packages in its shape."""

"""Film formats, one file each; the libraries behind them are imported when a film is started."""

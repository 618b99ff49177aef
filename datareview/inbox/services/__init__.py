"""Files that come by themselves: `settings` (folder, tokens), `folder`, `receiving`, `taking` (check, stop, apply)."""

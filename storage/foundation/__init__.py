"""The ground floor: engine, tables, vault, keys, audit, states, accounts, permissions. Knows neither pages nor meaning."""

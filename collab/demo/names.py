"""Names of the simulated staff."""

# ruff: noqa: SIM905 (fifty names in a row)
FIRST = (
    "Ana Tom Lena Mo Jo Priya Marcus Grace Diego Hannah Samuel Aisha Peter Keiko Luis Nora Malik "
    "Ruth Oscar Wendy Andre Sofia Henry Fatima Eric Carmen Philip Yara Daniel Ines Victor Thandi "
    "Miguel Laura Kofi Emma Julian Rosa Adam Mei Caleb Naomi Ivan Tess Omar"
).split()
LAST = (
    "Ruiz Berg Kaplan Osei Sanders Nair Webb Holloway Fuentes Lindqvist Carter Rahman Novak Tanaka "
    "Ortega Fischer Johnson Abrams Delgado Price Baptiste Romero Walsh Haddad Larsen Vega Moore Aziz "
    "Kim Duarte Popov Dlamini Torres Bennett Mensah Clark Meyer Castillo Reed Chen Brooks Silva "
    "Petrov Murphy Farah"
).split()

"""What stands in files for a reading that is missing."""

# Numbers that are a null in any file.
NULLS = (-999.0, -999.25, -9999.0, -9999.25, -99999.0, -999999.0)
# What programs write for a reading that is missing.
NULL_WORDS = frozenset(
    {"null", "(null)", "<null>", "none", "nil", "nan", "-nan", "na", "n/a", "n.a.", "#n/a", "err"}
    | {"missing", "absent", "nodata", "no data", "-", "--", "---", ".", "?", "<na>", "nat"}
    | {"blank", "void", "nd", "n.d.", "\\n"}
    # Faults of spreadsheets.
    | {"#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!"}
    | {"#nv", "#n/d", "#wert!", "#zahl!", "#bezug!", "#valeur!", "#valor!"}
    # The C library of Windows, and Fortran where a field is too narrow.
    | {sign + word for sign in ("", "-") for word in ("1.#qnan", "1.#ind", "1.#snan", "1.#nan")}
    | {sign + word for sign in ("", "-") for word in ("1.#qnan0", "1.#ind00", "1.#snan0")}
    | {f"{sign}nan({kind})" for sign in ("", "-") for kind in ("ind", "snan")}
    | {"*" * n for n in range(1, 33)}
)

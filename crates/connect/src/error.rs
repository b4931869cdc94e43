//! What can keep an import from happening. Each message says what is wrong, where, and how to mend it.

use thiserror::Error;

/// Why nothing could be read. Single bad rows are no error: they are counted and kept as rejects.
#[derive(Debug, Error)]
pub enum ReadError {
    /// No file was named.
    #[error("no file to read; name at least one table of orders, or - for standard input")]
    NothingNamed,
    /// A pattern or path that leads to no file.
    #[error("'{0}' matches no file; check the spelling and the folder")]
    NoMatch(String),
    /// A malformed glob pattern.
    #[error("'{pattern}' is not a valid pattern: {message}")]
    Pattern {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// A URL whose scheme this build cannot read.
    #[error(
        "'{0}' cannot be read: known are local paths, file://, s3://, gs://, az://, abfs://, http:// and https://; copy the file here first"
    )]
    Url(String),
    /// A pattern or prefix where one file is needed.
    #[error("'{0}' leads to several files; name the one that is meant")]
    SeveralFiles(String),
    /// An object store or web server did not give the file.
    #[error("cannot read '{url}': {reason}; {remedy}")]
    Remote {
        /// The URL, without signature.
        url: String,
        /// What went wrong.
        reason: String,
        /// How to mend it.
        remedy: String,
    },
    /// The operating system refused.
    #[error("cannot read '{file}'")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is something else than a table.
    #[error("'{file}' is {what}, not a table; export it as CSV, XLSX, JSON lines or Parquet")]
    NotATable {
        /// The file.
        file: String,
        /// What its first bytes say that it is.
        what: &'static str,
    },
    /// The file is not what its first bytes promise.
    #[error("'{file}' is damaged or not a {kind} file: {message}")]
    Broken {
        /// The file.
        file: String,
        /// The kind of file expected.
        kind: &'static str,
        /// What the reader of that kind said.
        message: String,
    },
    /// A file without rows.
    #[error("'{0}' has no rows; export it again with a header line and at least one row")]
    Empty(String),
    /// The needed columns are not there.
    #[error(
        "'{file}' has no column for {missing}. Columns seen: {seen}. Name the column in a mapping file (--map), for instance:\n[columns]\n{example}"
    )]
    NoUsableColumns {
        /// The file.
        file: String,
        /// The canonical fields that are missing, in words.
        missing: String,
        /// The header as read.
        seen: String,
        /// A line for the mapping file.
        example: String,
    },
    /// A mapping names a column that the file does not have.
    #[error("the mapping takes {field} from column '{column}', which '{file}' does not have. Columns seen: {seen}")]
    MappedColumnMissing {
        /// The file.
        file: String,
        /// The canonical field.
        field: String,
        /// The column in the mapping.
        column: String,
        /// The header as read.
        seen: String,
    },
    /// A mapping file that cannot be understood.
    #[error("the mapping file is not valid: {0}")]
    Mapping(String),
    /// Dates whose order of day and month cannot be known.
    #[error(
        "the dates in column '{column}' of '{file}' can be read both ways: '{example}' is {day_first} or {month_first}, and no row decides it. Say which with --date-order dmy or --date-order mdy"
    )]
    AmbiguousDates {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// One of its cells.
        example: String,
        /// The cell read with the day first.
        day_first: String,
        /// The cell read with the month first.
        month_first: String,
    },
    /// Dates of which some have the day first and others the month first.
    #[error(
        "the dates in column '{column}' of '{file}' contradict each other: '{day_first}' can only have the day first, '{month_first}' only the month. Split the file or say --date-order dmy or mdy (rows that do not fit are then rejected)"
    )]
    ContradictoryDates {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// A cell that must have the day first.
        day_first: String,
        /// A cell that must have the month first.
        month_first: String,
    },
    /// Several currencies and no word which one the shop keeps its books in.
    #[error(
        "the orders are in several currencies ({counts}); say with --currency which one the figures shall be in, and give rates in a column or with --rates FILE"
    )]
    ManyCurrencies {
        /// Each currency with its number of orders.
        counts: String,
    },
    /// Every row was rejected.
    #[error("none of the {rows} rows of '{file}' could be taken. First reason, line {line}: {reason}. {remedy}")]
    NothingTaken {
        /// The file.
        file: String,
        /// How many rows there were.
        rows: u64,
        /// Line of the first rejected row.
        line: u64,
        /// Why it was rejected.
        reason: String,
        /// How to mend it.
        remedy: String,
    },
}

impl ReadError {
    /// Whether the data are at fault (exit code 3) and not the command line or the machine.
    pub fn is_data_problem(&self) -> bool {
        match self {
            ReadError::Broken { .. }
            | ReadError::NotATable { .. }
            | ReadError::Empty(_)
            | ReadError::NoUsableColumns { .. }
            | ReadError::MappedColumnMissing { .. }
            | ReadError::AmbiguousDates { .. }
            | ReadError::ContradictoryDates { .. }
            | ReadError::ManyCurrencies { .. }
            | ReadError::NothingTaken { .. } => true,
            ReadError::NothingNamed
            | ReadError::NoMatch(_)
            | ReadError::Pattern { .. }
            | ReadError::Url(_)
            | ReadError::SeveralFiles(_)
            | ReadError::Remote { .. }
            | ReadError::Io { .. }
            | ReadError::Mapping(_) => false,
        }
    }
}

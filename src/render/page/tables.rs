//! Tables whose columns stand only where there is something in them.

use serde::Serialize;

use crate::render::Html;

/// What a template prints as a table.
#[derive(Serialize)]
pub(super) struct Table {
    caption: String,
    columns: Vec<String>,
    rows: Vec<TableRow>,
}

#[derive(Serialize)]
struct TableRow {
    head: Html,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    label: String,
    text: Html,
}

/// A column: its title and a cell for each row; `None` where there is nothing to say.
pub(super) struct Column {
    pub title: String,
    pub cells: Vec<Option<Html>>,
}

impl Table {
    /// `heads` belong to the first column, whose title is the first of `columns`. Columns without anything are left out.
    pub(super) fn new(caption: String, first: String, heads: Vec<Html>, columns: Vec<Column>) -> Table {
        let columns: Vec<Column> =
            columns.into_iter().filter(|column| column.cells.iter().any(Option::is_some)).collect();
        let rows = heads.into_iter().enumerate().map(|(at, head)| {
            let cell = |column: &Column| Cell {
                label: column.title.clone(),
                text: column.cells.get(at).cloned().flatten().unwrap_or_else(|| Html::text("–")),
            };
            TableRow { head, cells: columns.iter().map(cell).collect() }
        });
        let rows = rows.collect();
        let titles = [first].into_iter().chain(columns.into_iter().map(|column| column.title)).collect();
        Table { caption, columns: titles, rows }
    }
}

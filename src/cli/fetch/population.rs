//! `hotspots fetch population`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Desk, NEWEST};
use crate::{
    cli::{Outcome, say},
    fetch::{
        FetchError,
        population::{self, Columns},
        record::Manifest,
    },
    model::Per,
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots fetch population\n  \
    hotspots fetch population --from-file census.csv --code-column ward24_code --year 2021 \\\n      \
    --residents usual_residents_2021 --households households_2021")]
pub(in crate::cli) struct Population {
    #[command(flatten)]
    common: Common,
    /// The year of the wards that figures are summed to.
    #[arg(long, value_name = "YEAR", default_value = NEWEST)]
    vintage: String,
    /// The table of best fits to ask, in place of the one found by its name.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    #[command(flatten)]
    table: Table,
}

/// A table at hand.
#[derive(Args, Debug)]
struct Table {
    /// Sum the rows of this CSV table instead.
    #[arg(long, value_name = "CSV", requires_all = ["code_column", "year"])]
    from_file: Option<PathBuf>,
    /// The column with the code of the area that a row counts for.
    #[arg(long, value_name = "COLUMN", requires = "from_file")]
    code_column: Option<String>,
    /// The year of the figures.
    #[arg(long, value_name = "YEAR", requires = "from_file", value_parser = clap::value_parser!(i16).range(1000..=9999))]
    year: Option<i16>,
    /// The column with residents.
    #[arg(long, value_name = "COLUMN", requires = "from_file")]
    residents: Option<String>,
    /// The column with households.
    #[arg(long, value_name = "COLUMN", requires = "from_file")]
    households: Option<String>,
    /// The column with dwellings.
    #[arg(long, value_name = "COLUMN", requires = "from_file")]
    dwellings: Option<String>,
    /// The layer that the codes are of; the wards of --vintage where it is left out.
    #[arg(long, value_name = "ID", requires = "from_file")]
    layer: Option<String>,
}

impl Population {
    pub(super) fn run(self) -> Outcome {
        let desk = self.common.open()?;
        match &self.table.from_file {
            None => Ok(population::fetch(&desk.task(), &self.vintage, self.service.as_deref())?),
            Some(path) => self.sum(&desk, path),
        }
    }

    fn sum(&self, desk: &Desk, path: &Path) -> Outcome {
        let table = &self.table;
        let given = Per::ALL.into_iter().zip([&table.residents, &table.households, &table.dwellings]);
        let figures: Vec<_> = given.filter_map(|(per, column)| Some((per, column.as_deref()?))).collect();
        let (Some(code), Some(year), false) = (table.code_column.as_deref(), table.year, figures.is_empty())
        else {
            let rule = "name its columns: --code-column and --year, and one or more of --residents, --households, --dwellings";
            return Err(FetchError::value(path.display(), rule).into());
        };
        let layer = table.layer.clone().unwrap_or_else(|| format!("ward-{}", self.vintage));
        let mut manifest = Manifest::existing(&desk.folder, &desk.area)?;
        let Some(codes) = population::layer_codes(&desk.folder, &manifest, &layer)? else {
            let ids: Vec<_> = manifest.listed().into_iter().map(|[id, ..]| id).collect();
            let rule = format!("the manifest has no such layer of JSON; its layers are {}", ids.join(", "));
            return Err(FetchError::value(layer, rule).into());
        };
        let summed = population::sum_rows(path, &Columns { code, figures }, year, &codes, &desk.area)?;
        if summed.elsewhere > 0 {
            say(format_args!("{} rows of other local authorities were passed over", summed.elsewhere));
        }
        for per in Per::ALL {
            let of_it = summed.figures.iter().filter(|((_, measure, _), _)| *measure == per.as_str());
            let values: Vec<u64> = of_it.map(|(_, value)| u64::from(*value)).collect();
            if !values.is_empty() {
                let total: u64 = values.iter().sum();
                say(format_args!(
                    "{} {} in {year}, in {} areas of {layer}",
                    total,
                    per.as_str(),
                    values.len()
                ));
            }
        }
        let file = format!("population-{layer}-{year}.csv");
        let figures = (file.as_str(), &summed.figures);
        population::keep(&desk.task(), &mut manifest, &layer, figures, &path.display().to_string())?;
        manifest.save()?;
        Ok(())
    }
}

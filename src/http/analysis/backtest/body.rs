//! What a backtest is asked for.

use serde_json::Value;

use super::members::{Faults, Members, number, word};
use crate::{
    analysis::{
        accuracy::{
            Coverage, Ground,
            backtest::{BandwidthChoice, Candidate, HalfLife, Score, Windows},
        },
        bandwidth::Rule,
        density::Kernel,
        hex::HexResolution,
        random::Seed,
    },
    http::{
        analysis::accuracy::{GROUNDS, MOST_COVERAGES, default_coverages},
        problem::Problem,
    },
    model::{Invalid, Metres, priority::BANDWIDTH_M},
    service::analysis::backtest::BacktestParameters,
};

/// At most so many maps are tried at once.
const MOST_CANDIDATES: usize = 20;
/// The longest name of a map.
const LONGEST_NAME: usize = 60;
/// Resamples of windows where none are asked for.
const RESAMPLES: u32 = 999;

/// Reads a body.
///
/// # Errors
/// 400 with every fault.
pub(super) fn parameters(body: &[u8]) -> Result<BacktestParameters, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        let rule = format!(
            "it is a JSON object, as in {{\"candidates\": [{{\"map\": \"density\", \"bandwidth_m\": 300}}, \
             {{\"map\": \"counts\"}}]}} ({error})"
        );
        Problem::invalid("body", Invalid::new(String::from_utf8_lossy(body), rule))
    })?;
    let mut faults = Faults::default();
    let read = Members::of("", value, &mut faults).map(|members| read(members, &mut faults));
    match read {
        Some(parameters) if faults.0.is_empty() => Ok(parameters),
        _ => Err(Problem::bad_request(faults.0)),
    }
}

fn read(mut body: Members, faults: &mut Faults) -> BacktestParameters {
    let candidates = candidates(&mut body, faults);
    let most = Windows::MOST_MONTHS as u64;
    let mut months = |name: &'static str, usual: usize| {
        let asked = body.whole(name, faults, 1..=most);
        asked.and_then(|months| usize::try_from(months).ok()).unwrap_or(usual)
    };
    let (train, test) = (months("train_months", 12), months("test_months", 1));
    let step = months("step_months", test);
    // Each was held to its range above.
    let windows = Windows::new(train, test, step).unwrap_or_default();
    let coverages = body.list("coverages", faults).map(|shares| coverages(&shares, faults));
    let ground = body.choice("ground", faults, &GROUNDS).unwrap_or(Ground::Area);
    let resolution = body.read("resolution", faults, |value| {
        let refused = || Invalid::new(value, "a hex resolution is 7 to 11");
        let whole = value.as_u64().and_then(|number| u8::try_from(number).ok()).ok_or_else(refused)?;
        HexResolution::new(whole)
    });
    let seed = body.whole("seed", faults, 0..=u64::from(u32::MAX)).map_or_else(Seed::default, Seed);
    let resamples = body.whole("resamples", faults, 99..=9_999);
    body.finish(faults);
    BacktestParameters {
        candidates,
        windows,
        coverages: coverages.unwrap_or_else(default_coverages),
        ground,
        resolution,
        seed,
        resamples: resamples.and_then(|resamples| u32::try_from(resamples).ok()).unwrap_or(RESAMPLES),
    }
}

fn coverages(shares: &[Value], faults: &mut Faults) -> Vec<Coverage> {
    if shares.is_empty() || shares.len() > MOST_COVERAGES {
        let rule = format!("from 1 to {MOST_COVERAGES} coverages");
        faults.tell("coverages", Invalid::new(shares.len(), rule));
        return Vec::new();
    }
    let mut read = Vec::new();
    for (index, share) in shares.iter().enumerate() {
        match number(share).and_then(Coverage::new) {
            Ok(coverage) => read.push(coverage),
            Err(fault) => faults.tell(&format!("coverages[{index}]"), fault),
        }
    }
    read
}

fn candidates(body: &mut Members, faults: &mut Faults) -> Vec<Candidate> {
    let listed = body.list("candidates", faults).unwrap_or_default();
    if listed.is_empty() || listed.len() > MOST_CANDIDATES {
        let rule = format!("from 1 to {MOST_CANDIDATES} maps to try");
        faults.tell("candidates", Invalid::new(listed.len(), rule));
        return Vec::new();
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    for (index, value) in listed.into_iter().enumerate() {
        let place = format!("candidates[{index}]");
        let Some(members) = Members::of(&place, value, faults) else { continue };
        let Some(candidate) = candidate(members, faults) else { continue };
        if candidates.iter().any(|other| other.name == candidate.name) {
            let rule = "no two candidates have one name; give them names of their own";
            faults.tell(&format!("{place}.name"), Invalid::new(&candidate.name, rule));
        }
        candidates.push(candidate);
    }
    candidates
}

/// The kinds of map by their words.
#[derive(Clone, Copy, PartialEq)]
enum Map {
    Density,
    Counts,
    Latest,
    Season,
    GiStar,
}

const MAPS: [(&str, Map); 5] = [
    ("density", Map::Density),
    ("counts", Map::Counts),
    ("latest-counts", Map::Latest),
    ("same-season", Map::Season),
    ("gi-star", Map::GiStar),
];

fn candidate(mut members: Members, faults: &mut Faults) -> Option<Candidate> {
    let name = members.read("name", faults, |value| {
        let text = value.as_str().map(str::trim).unwrap_or_default();
        if (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            Ok(text.to_owned())
        } else {
            Err(Invalid::new(value, format!("a name of 1 to {LONGEST_NAME} characters")))
        }
    });
    if !members.has("map") {
        let words: Vec<_> = MAPS.iter().map(|(word, _)| *word).collect();
        faults.tell(&members.within("map"), Invalid::new("", format!("one of: {}", words.join(", "))));
    }
    let map = members.choice("map", faults, &MAPS);
    let half_life = members.read("half_life_months", faults, |value| number(value).and_then(HalfLife::new));
    // Which other members there may be depends on the map.
    let score = match map? {
        Map::Density => density(&mut members, faults),
        Map::Latest => {
            let months = members.whole("months", faults, 1..=Windows::MOST_MONTHS as u64).unwrap_or(1);
            Score::LatestCounts { months: usize::try_from(months).unwrap_or(1) }
        }
        Map::Counts => Score::Counts,
        Map::Season => Score::SameSeason,
        Map::GiStar => Score::GiStar,
    };
    members.finish(faults);
    Some(Candidate { name: name.unwrap_or_else(|| usual_name(score, half_life)), score, half_life })
}

fn density(members: &mut Members, faults: &mut Faults) -> Score {
    let both = members.has("bandwidth_m") && members.has("bandwidth_rule");
    let kernel = members.read("kernel", faults, word::<Kernel>).unwrap_or_default();
    let fixed = members.read("bandwidth_m", faults, |value| {
        let limits = format!("it is {} to {} metres", BANDWIDTH_M.start(), BANDWIDTH_M.end());
        let metres = number(value).and_then(Metres::new);
        metres.ok().filter(|metres| BANDWIDTH_M.contains(&metres.get())).ok_or(Invalid::new(value, limits))
    });
    let rule = members.read("bandwidth_rule", faults, word::<Rule>);
    if both {
        let rule = "give bandwidth_m or bandwidth_rule, not both";
        faults.tell(&members.within("bandwidth_rule"), Invalid::new("both", rule));
    }
    let bandwidth =
        fixed.map_or_else(|| BandwidthChoice::ByRule(rule.unwrap_or(Rule::Scott)), BandwidthChoice::Fixed);
    Score::Density { kernel, bandwidth }
}

/// What a candidate is called that was given no name.
fn usual_name(score: Score, half_life: Option<HalfLife>) -> String {
    let name = match score {
        Score::Density { kernel, bandwidth: BandwidthChoice::Fixed(bandwidth) } => {
            format!("density, {kernel} {} m", bandwidth.get())
        }
        Score::Density { kernel, bandwidth: BandwidthChoice::ByRule(rule) } => {
            format!("density, {kernel} by {rule}")
        }
        Score::Counts => "counts".to_owned(),
        Score::LatestCounts { months: 1 } => "counts of the latest month".to_owned(),
        Score::LatestCounts { months } => format!("counts of the latest {months} months"),
        Score::SameSeason => "counts of the same season".to_owned(),
        Score::GiStar => "Gi*".to_owned(),
    };
    match half_life {
        Some(half_life) => format!("{name}, half-life {} months", half_life.months()),
        None => name,
    }
}

//! Time away, and how it is counted.

use keeptab_core::instant::Length;

use super::{at, home, hour, open, record, work};
use crate::engine::{Command, Engine};

#[test]
fn time_away_is_offered_for_an_hour_until_it_is_counted() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let back = (0..=6).map(|index| work(20 + index, at(100 + i64::try_from(index).unwrap()), "/w/api/a.rs"));
    record(&mut engine, "vim", back.collect(), at(106));
    let away = |engine: &mut Engine, now| engine.execute(Command::Status, at(now)).unwrap().json()["away"].clone();
    let gap = serde_json::json!({ "from": "10:00", "to": "10:40", "seconds": 2400 });
    assert_eq!(away(&mut engine, 106), gap);
    assert_eq!(away(&mut engine, 160), gap);
    assert_eq!(away(&mut engine, 161), serde_json::Value::Null);
    let fill = Command::Fill {
        day: None,
        times: (Length::from_minutes(600), Length::from_minutes(640)),
        project: keeptab_core::rule::ProjectId::new("web"),
    };
    engine.execute(fill, at(106)).unwrap();
    assert_eq!(away(&mut engine, 106), serde_json::Value::Null);
}

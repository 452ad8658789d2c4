//! Times of one width are read by a reader made for them: it must say what the general one says, on each side of every change of a clock.

use concord_cli::data::mapping::time::TimeRule;
use concord_engine::values::calendar::{DAY, FIRST_INSTANT, HOUR, LAST_INSTANT, date_from_days};

const ZONES: [&str; 6] =
    ["Europe/London", "Europe/Amsterdam", "Pacific/Apia", "Asia/Kathmandu", "America/New_York", "UTC"];

/// A civil time as a text of the format `%d/%m/%Y %H:%M:%S`.
fn written(local: i64) -> String {
    let (year, month, day) = date_from_days(local.div_euclid(DAY));
    let seconds = local.rem_euclid(DAY) / 1_000;
    format!("{day:02}/{month:02}/{year:04} {:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[test]
fn the_reader_of_one_width_says_what_the_general_one_says() {
    for zone in ZONES {
        // Days by `%e` may be of one digit or two, so this format has no width of its own.
        let [one, general] =
            ["%d/%m/%Y %H:%M:%S", "%e/%m/%Y %H:%M:%S"].map(|format| TimeRule::new(Some(format), zone).unwrap());
        // In 1,300 steps of some ten weeks, and hour by hour through two years that have changes.
        let far = (0..).map(|step| FIRST_INSTANT - 3 * DAY + step * (1_769 * HOUR + 1_000));
        let far = far.take_while(|local| *local < LAST_INSTANT + 3 * DAY);
        let near = (0..18_000).map(|hour| 14_975 * DAY + hour * HOUR + 1_801_000);
        for local in far.chain(near) {
            let text = written(local);
            assert_eq!(one.read(&text), general.read(&text), "{text} in {zone}");
        }
    }
}

#[test]
fn what_is_unusual_is_read_as_before() {
    let rule = TimeRule::new(Some("%d/%m/%Y %H:%M"), "Europe/London").unwrap();
    let same = ["02/01/2026 00:01", "2/01/2026 00:01", "02/1/2026 0:01"].map(|text| rule.read(text));
    assert!(same[0].is_ok() && same.iter().all(|read| *read == same[0]), "{same:?}");
    for text in ["30/02/2026 00:00", "01/13/2026 00:00", "01/01/2026 24:00", "01/01/2026 10:60", "01/01/2026 10:0x"] {
        assert!(rule.read(text).is_err(), "{text}");
    }
}

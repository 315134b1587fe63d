//! The numbers under which kinds, causes and entities are stored. They never change: databases of all versions have them.

use keeptab_core::activity::{Actor, Cause, Kind};
use keeptab_core::entity::Entity;

use super::{EntityId, NewSign, StoredSign};

const FIRST_BOUNDARY: i64 = 32;
/// The number of the one weak kind.
pub(crate) const WEAK_KIND: i64 = of_kind(Kind::Focus);

const fn of_kind(kind: Kind) -> i64 {
    match kind {
        Kind::Edit => 0,
        Kind::Navigate => 1,
        Kind::Save => 2,
        Kind::Focus => 3,
        Kind::Debug => 4,
        Kind::Task => 5,
        Kind::Visit => 6,
        Kind::Outside => 7,
    }
}

const fn of_cause(cause: Cause) -> i64 {
    match cause {
        Cause::Suspend => 0,
        Cause::Lock => 1,
        Cause::Clock => 2,
        Cause::Pause => 3,
    }
}

/// Returns a sign's stored code: `kind * 2 + agent`, or 32 + cause.
pub(crate) fn code(sign: &NewSign) -> Option<i64> {
    match sign {
        NewSign::Heartbeat { kind, actor, .. } => Some(of_kind(*kind) * 2 + i64::from(*actor == Actor::Agent)),
        NewSign::Boundary(cause) => Some(FIRST_BOUNDARY + of_cause(*cause)),
        NewSign::Nothing => None,
    }
}

/// Reads the kind of a heartbeat out of what [`code`] wrote.
pub(crate) fn kind_of(code: i64) -> Option<Kind> {
    Some(match code.div_euclid(2) {
        0 => Kind::Edit,
        1 => Kind::Navigate,
        2 => Kind::Save,
        3 => Kind::Focus,
        4 => Kind::Debug,
        5 => Kind::Task,
        6 => Kind::Visit,
        7 => Kind::Outside,
        _ => return None,
    })
}

/// Reads what [`code`] wrote, with the id of a heartbeat's entity; `None` if a newer version wrote it.
pub(crate) fn sign(code: i64, entity: Option<i64>) -> Option<StoredSign> {
    if code >= FIRST_BOUNDARY {
        let cause = match code - FIRST_BOUNDARY {
            0 => Cause::Suspend,
            1 => Cause::Lock,
            2 => Cause::Clock,
            3 => Cause::Pause,
            _ => return None,
        };
        return Some(StoredSign::Boundary(cause));
    }
    let actor = if code % 2 == 0 { Actor::Human } else { Actor::Agent };
    Some(StoredSign::Heartbeat(kind_of(code)?, actor, EntityId(entity?)))
}

/// Returns an entity's stored kind and text.
pub(crate) fn parts(entity: &Entity) -> (i64, &str) {
    match entity {
        Entity::Path(text) => (0, text),
        Entity::Url(text) => (1, text),
        Entity::Unnamed { root } => (2, root.as_deref().unwrap_or_default()),
        Entity::Private => (3, ""),
    }
}

/// Reads what [`parts`] wrote.
pub(crate) fn entity_of(kind: i64, text: String) -> Entity {
    match kind {
        0 => Entity::Path(text),
        1 => Entity::Url(text),
        3 => Entity::Private,
        _ => Entity::Unnamed {
            root: Some(text).filter(|root| !root.is_empty()),
        },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    /// All codes up to the first that no version has written, by what they mean. A line that changes misreads every database.
    #[test]
    fn stored_codes_never_change() {
        let of_signs = (-1..40).filter_map(|code| Some(format!("{code} {}\n", shown(sign(code, Some(5))?))));
        let of_entities = (0..5).map(|kind| format!("{kind} {:?}\n", entity_of(kind, "text".into())));
        expect![[r#"
            0 Edit Human
            1 Edit Agent
            2 Navigate Human
            3 Navigate Agent
            4 Save Human
            5 Save Agent
            6 Focus Human
            7 Focus Agent
            8 Debug Human
            9 Debug Agent
            10 Task Human
            11 Task Agent
            12 Visit Human
            13 Visit Agent
            14 Outside Human
            15 Outside Agent
            32 Suspend
            33 Lock
            34 Clock
            35 Pause
            0 Path("text")
            1 Url("text")
            2 Unnamed { root: Some("text") }
            3 Private
            4 Unnamed { root: Some("text") }
        "#]]
        .assert_eq(&(of_signs.collect::<String>() + &of_entities.collect::<String>()));
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for code in 0..40 {
            let written = match sign(code, Some(5)) {
                Some(StoredSign::Heartbeat(kind, actor, _)) => NewSign::Heartbeat {
                    kind,
                    actor,
                    entity: Entity::Private,
                    root: None,
                    language: None,
                },
                Some(StoredSign::Boundary(cause)) => NewSign::Boundary(cause),
                _ => continue,
            };
            assert_eq!(self::code(&written), Some(code));
        }
        for kind in 0..4 {
            assert_eq!(parts(&entity_of(kind, "text".into())).0, kind);
        }
    }

    fn shown(sign: StoredSign) -> String {
        match sign {
            StoredSign::Heartbeat(kind, actor, EntityId(5)) => format!("{kind:?} {actor:?}"),
            StoredSign::Boundary(cause) => format!("{cause:?}"),
            other => format!("{other:?}"),
        }
    }
}

use super::*;

fn recipients(count: u8) -> Vec<Recipient> {
    (1..=count).map(|byte| Identity::from_secret(&[byte; 32]).unwrap().recipient()).collect()
}

fn fixed() -> SealingKey {
    SealingKey::of(Zeroizing::new([42; 32]))
}

#[test]
fn the_key_is_made_once_and_for_its_owner_alone() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("state/strongroom/sealing.key");
    let made = SealingKey::load_or_make(&path).unwrap();
    let again = SealingKey::load_or_make(&path).unwrap();
    assert_eq!(*made.secret, *again.secret);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("STRONGROOM-SEALING-KEY-V1-1") && text.lines().count() == 1, "{text}");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file stays");
}

#[test]
fn many_at_once_get_the_same_key() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("new/sealing.key");
    let keys: Vec<_> = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..8).map(|_| scope.spawn(|| SealingKey::load_or_make(&path).unwrap())).collect();
        makers.into_iter().map(|maker| *maker.join().unwrap().secret).collect()
    });
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("sealing.key");
    SealingKey::load_or_make(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = SealingKey::load_or_make(&path).unwrap_err();
    assert!(matches!(error, SealingKeyError::Exposed(_)), "{error}");
    assert!(error.to_string().contains("chmod 600"));
}

#[test]
fn a_key_in_a_folder_that_everybody_writes_to_is_refused() {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let error = SealingKey::load_or_make(&place.path().join("sealing.key")).unwrap_err();
    assert!(matches!(error, SealingKeyError::FolderOpenToAll(_)), "{error}");
}

#[test]
fn a_damaged_key_is_refused_and_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("sealing.key");
    SealingKey::load_or_make(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for damaged in [&text[..40], "", "AGE-SECRET-KEY-1QQQ", &text.replace("V1", "V2")] {
        fs::write(&path, damaged).unwrap();
        assert!(matches!(SealingKey::load_or_make(&path), Err(SealingKeyError::Malformed(_))), "{damaged}");
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }
}

#[test]
fn a_clearance_key_depends_on_the_set_of_readers_and_nothing_of_their_order() {
    let [a, b, c] = recipients(3).try_into().unwrap();
    let of = |clearance: &str, readers: &[&Recipient]| {
        let readers: Vec<_> = readers.iter().copied().cloned().collect();
        fixed().clearance_key(clearance, &readers).unwrap().recipient
    };
    let pair = of("finance", &[&a, &b]);
    assert_eq!(pair, of("finance", &[&b, &a, &b]));
    assert_ne!(pair, of("finance", &[&a]));
    assert_ne!(pair, of("finance", &[&a, &b, &c]));
    assert_ne!(pair, of("legal", &[&a, &b]));
    let other = SealingKey::of(Zeroizing::new([43; 32])).clearance_key("finance", &[a, b]).unwrap();
    assert_ne!(pair, other.recipient);
    assert!(!format!("{other:?}").contains("SECRET"));
}

#[test]
fn derivations_stay_the_same_from_release_to_release() {
    // A change here would reseal every archive and move every address: it needs a new version of the key.
    let key = fixed();
    let pair = key.clearance_key("finance", &recipients(2)).unwrap();
    assert_eq!(
        [pair.recipient.as_str(), &key.clearance_id("finance"), &key.salt()],
        [
            "age12j8lp8ekftujs70tvxvrrzwgcdprstd9m2mt6p3asrw6u34r5p5ssfpnlh",
            "mkrppvotnkpnrtuo",
            "rxukkzuykuosmpvtrrtuxmkvnyvolzkv"
        ]
    );
}

#[test]
fn digests_tell_domains_and_divisions_apart() {
    let key = fixed();
    let all = [
        key.digest("a", &[b"bc", b"d"]),
        key.digest("a", &[b"b", b"cd"]),
        key.digest("a", &[b"bcd"]),
        key.digest("a", &[b"bcd", b""]),
        key.digest("ab", &[b"cd"]),
        key.digest("a", &[]),
        SealingKey::of(Zeroizing::new([43; 32])).digest("a", &[b"bc", b"d"]),
    ];
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
    assert_eq!(key.page_address(&[b"x"]).len(), 24);
    assert_eq!(key.file_address(&[b"x"]).len(), 32);
    assert_eq!(key.clearance_id("finance").len(), 16);
    assert_eq!(key.order_number(&[b"x"]), key.order_number(&[b"x"]));
}

#[test]
fn a_sealing_key_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", fixed()), "SealingKey(not shown)");
}

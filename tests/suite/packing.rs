//! What a module carries is packed, and comes back as it was.

use concord_wasm::abi::{pack, unpack};

#[test]
fn what_is_packed_comes_back() {
    let long = "the same again, ".repeat(999);
    let every: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let random = |seed: &mut u32| {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 24) as u8
    };
    let noise: Vec<u8> = (0..5_000).scan(7, |seed, _| Some(random(seed))).collect();
    for text in [b"".as_slice(), b"a", b"aa", b"abababab", long.as_bytes(), &every, &noise] {
        let packed = pack(text).unwrap();
        assert_eq!(unpack(&packed, text.len()).as_deref(), Some(text));
        assert!(packed.len() < text.len() + text.len() / 16 + 8, "{} of {}", packed.len(), text.len());
    }
    assert!(pack(long.as_bytes()).unwrap().len() < 60);
}

/// Whatever the bytes are, there is an end.
#[test]
fn bytes_that_nobody_packed_are_a_text_or_none() {
    let text = br#"{"name":"all normal","settings":{},"case":{"spo2":96}}"#.repeat(9);
    let packed = pack(&text).unwrap();
    // The last bytes may say more than the last bits need.
    for at in 0..packed.len() - 8 {
        let mut changed = packed.clone();
        changed[at] ^= 0x10;
        assert_ne!(unpack(&changed, text.len()).as_deref(), Some(text.as_slice()), "byte {at}");
    }
    for byte in [0, 0x55, 0xAA, 0xFF] {
        assert!(unpack(&[byte; 64], 1 << 20).is_none_or(|text| text.len() == 1 << 20));
    }
    assert_eq!(unpack(&packed, usize::MAX), None);
    assert_eq!(unpack(&[], 1), None);
}

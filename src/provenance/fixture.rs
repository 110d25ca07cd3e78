//! Signatures that git 2.47 and OpenSSH 9.2 made, once and by hand: `git commit -S --allow-empty` with fixed dates and
//! four keys that exist nowhere else. All commits hold the same bytes beside their signature.

/// The commit without its signature.
pub const SIGNED: &str = "\
tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
author Sun Qian <sun.qian@yunxi.example> 1772414100 +0800
committer Sun Qian <sun.qian@yunxi.example> 1772414100 +0800

Raise the credit limit

Reason: two years without a late payment
Approved-by: He Jun <he.jun@yunxi.example>
";

/// The committer's time.
pub const AT: i64 = 1_772_414_100;
/// The committer's address.
pub const EMAIL: &str = "sun.qian@yunxi.example";

/// The key of the first commit.
pub const ED25519_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFF6y6SpSZZY/HNtwWTRyi/Ud2fO8bsM4l/CidljLT/N";

/// What `ssh-keygen -l` says of it.
pub const ED25519_FINGERPRINT: &str = "SHA256:3Gp711PGb2xDhaezN/ZPerx1VHZ6scLt0pSmbHMKS7Q";

/// Its `gpgsig` header.
pub const ED25519: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgUXrLpKlJllj8c23BZNHKL9R3Z8
7xuwziX8KJ2WMtP80AAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQC93rgvxtYtD1xaPRjGsD2n3SmryPXIeK7JpIBgXwmpagHPBoXvInCLN1rD1t3oICU
i6wmc/Rl3wba40h65vZQQ=
-----END SSH SIGNATURE-----";

/// The same key and bytes by `ssh-keygen -Y sign -n file`.
pub const OF_A_FILE: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgUXrLpKlJllj8c23BZNHKL9R3Z8
7xuwziX8KJ2WMtP80AAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEABSF6c35cQn6ecH5NvPM5ikKTLwqEqbh3pSPMRqck9SbuKzl5tuCnd8PkwmYGEaU
UpeqDGJx8OLz4O5qCxOL8F
-----END SSH SIGNATURE-----";

/// An ECDSA key.
pub const P256_KEY: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBL7OH5o1qZzN+Lshos0tuSCX\
    xwkIjXQJNodEf/T6/xlHgHlfhHC/hKyNlkKv9HxhSGg234MI5Lrf1603+4K4FrY=";

/// Its signature.
pub const P256: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
EEvs4fmjWpnM34uyGizS25IJfHCQiNdAk2h0R/9Pr/GUeAeV+EcL+ErI2WQq/0fGFIaDbf
gwjkut/XrTf7grgWtgAAAANnaXQAAAAAAAAABnNoYTUxMgAAAGMAAAATZWNkc2Etc2hhMi
1uaXN0cDI1NgAAAEgAAAAgUCFujLfQEFr5bdflYx4V3lpQ5bVBoOkM3+SF45RHJ5sAAAAg
b3VsCPYjZgE9yqXfrJu5uVTB99PhgAMFGIiTmCic7OY=
-----END SSH SIGNATURE-----";

/// An RSA key.
pub const RSA_KEY: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCyQmAhDh16KlDGGIJB5UD4Tqbkk8ocNVYouydpe3bbhwiwuO+icXoNixiB\
    uscugB8QTftQBp9pTAzzdwF2wu6TdE+vmnLiLlFCQhyIDQqHVSoSUlo5H9cYBHRGyl0SsJe0TNDzhTc0GM/EhZyM/kKkaIAD\
    DqivZqPBuJ3bOu/TGQ==";

/// Its signature.
pub const RSA: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAJcAAAAHc3NoLXJzYQAAAAMBAAEAAACBALJCYCEOHXoqUMYYgkHlQP
hOpuSTyhw1Vii7J2l7dtuHCLC476Jxeg2LGIG6xy6AHxBN+1AGn2lMDPN3AXbC7pN0T6+a
cuIuUUJCHIgNCodVKhJSWjkf1xgEdEbKXRKwl7RM0POFNzQYz8SFnIz+QqRogAMOqK9mo8
G4nds679MZAAAAA2dpdAAAAAAAAAAGc2hhNTEyAAAAlAAAAAxyc2Etc2hhMi01MTIAAACA
h6NRswWd4g3GCZa33ILwgcg+uhQVdQNtn8u7lgQvcMrEdTkcSjOpwQ580O8Hh2RsUJpl9a
EHfGa38dSR5zSv8mh9z5CnRAnC6ud7y2ewPS6FKxfJOtnq2Paiii49FyIWJa+vrJbJs9zr
QZ3E3EJlGE8uj2Rc8R8PvmT16Z2El7A=
-----END SSH SIGNATURE-----";

/// A key as a hardware token holds it. No token was at hand: it and its signature were put together after OpenSSH's
/// PROTOCOL.u2f, and `ssh-keygen -Y verify` calls the signature good.
pub const HARDWARE_KEY: &str = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAID6WeWnmqKbFY3YsFYVlUY8eS\
    8cbjOIUxAAFuBCCtgeBAAAABHNzaDo=";

/// Its signature.
pub const HARDWARE: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAEoAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAgPpZ5ae
aopsVjdiwVhWVRjx5LxxuM4hTEAAW4EIK2B4EAAAAEc3NoOgAAAANnaXQAAAAAAAAABnNo
YTUxMgAAAGcAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAABARFfy6870Q9HSU7
ci3M0nUjuvvjrl2afmGZoz5nGG+e4ljOw0nQya1fNVgyxlB/sXbeNCdOAsyjH5WmTA8yJj
CwEAAAAH
-----END SSH SIGNATURE-----";

/// The same with the curve P-256.
pub const HARDWARE_P256_KEY: &str = "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzd\
    HAyNTYAAABBBIEgaLTTyryT7d9FzhC1Cj72glnaQD0gyCuxB1ez4Ig9TUeOiXCDBOCu1Wr1sGFsbXnDiSHQ0b4O6g4neh8Rb\
    xYAAAAEc3NoOg==";

/// Its signature.
pub const HARDWARE_P256: &str = "\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAH8AAAAic2stZWNkc2Etc2hhMi1uaXN0cDI1NkBvcGVuc3NoLmNvbQ
AAAAhuaXN0cDI1NgAAAEEEgSBotNPKvJPt30XOELUKPvaCWdpAPSDIK7EHV7PgiD1NR46J
cIME4K7VavWwYWxtecOJIdDRvg7qDid6HxFvFgAAAARzc2g6AAAAA2dpdAAAAAAAAAAGc2
hhNTEyAAAAeAAAACJzay1lY2RzYS1zaGEyLW5pc3RwMjU2QG9wZW5zc2guY29tAAAASQAA
ACAz9aKJj1xhbDPnkG2miX6jfY/L86nUrVy7vqn0msw/TwAAACEAmNTtE0L5DoPcXZc5fG
VeCHYE7rt2e4EQuGa0nRLWic4BAAAABw==
-----END SSH SIGNATURE-----";

//! The images of which the simulator knows what is in them.

/// An image, by the last part of its name.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Image {
    Busybox,
    Nginx,
    Agnhost,
    Unknown,
}

impl Image {
    pub(crate) fn of(reference: &str) -> Image {
        let last = reference.rsplit('/').next().unwrap_or_default();
        match last.split([':', '@']).next().unwrap_or_default() {
            "busybox" | "alpine" => Image::Busybox,
            "nginx" => Image::Nginx,
            "agnhost" => Image::Agnhost,
            _ => Image::Unknown,
        }
    }

    pub(crate) fn is_known(self) -> bool {
        self != Image::Unknown
    }

    pub(crate) fn entry_point(self) -> Vec<String> {
        match self {
            Image::Agnhost => vec!["/agnhost".to_owned()],
            Image::Busybox | Image::Nginx => Vec::new(),
            Image::Unknown => vec!["/entrypoint".to_owned()],
        }
    }

    pub(crate) fn command(self) -> Vec<String> {
        let words: &[&str] = match self {
            Image::Busybox => &["sh"],
            Image::Nginx => &["nginx", "-g", "daemon off;"],
            Image::Agnhost => &["pause"],
            Image::Unknown => &[],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn an_image_is_known_by_the_last_part_of_its_name() {
        for (reference, image) in [
            ("busybox:1.36", Image::Busybox),
            ("registry.k8s.io/e2e-test-images/agnhost:2.53", Image::Agnhost),
            ("localhost:5000/nginx@sha256:00", Image::Nginx),
            ("registry.example.com:5000/team/web:1.0", Image::Unknown),
        ] {
            assert_eq!(Image::of(reference), image, "{reference}");
        }
    }
}

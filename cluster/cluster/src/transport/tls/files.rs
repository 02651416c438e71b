//! The files of `tls:`: read, and what is said when one cannot be used.

use crate::error::NodeError;
use rustls::RootCertStore;
use rustls::pki_types::pem::{Error, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use snow_runtime::router::TlsFiles;
use std::fmt::Display;
use std::sync::Arc;

/// What the files hold.
pub(super) struct Files {
    paths: TlsFiles,
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) authority: Arc<RootCertStore>,
}

impl Files {
    pub(super) fn read(paths: &TlsFiles) -> Result<Files, NodeError> {
        let key = PrivateKeyDer::from_pem_file(&paths.key).map_err(|error| unreadable(&paths.key, &error))?;
        let mut authority = RootCertStore::empty();
        for certificate in certificates(&paths.authority)? {
            authority.add(certificate).map_err(|error| damaged(&paths.authority, &error))?;
        }
        Ok(Files {
            paths: paths.clone(),
            certificates: certificates(&paths.certificates)?,
            key,
            authority: Arc::new(authority),
        })
    }

    /// Certificate and key do not go together, or one is of a kind that is not known.
    pub(super) fn unusable(&self, error: &dyn Display) -> String {
        let TlsFiles { certificates, key, .. } = &self.paths;
        format!("{certificates} with the key {key}: {error}; give a certificate with its own key")
    }

    /// The authority cannot be one.
    pub(super) fn no_authority(&self, error: &dyn Display) -> String {
        format!("{}: {error}; give the certificate of an authority", self.paths.authority)
    }
}

fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, NodeError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(none) if none.is_empty() => Err(unreadable(path, &Error::NoItemsFound)),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &str, error: &Error) -> NodeError {
    NodeError::Certificate(match error {
        Error::Io(error) => {
            format!("{path}: {}; check the path", crate::error::system_words(error))
        }
        Error::NoItemsFound => format!("{path} holds nothing of the kind; give a file in PEM form"),
        error => format!("{path} is damaged ({error}); give a file in PEM form"),
    })
}

fn damaged(path: &str, error: &dyn Display) -> NodeError {
    NodeError::Certificate(format!("{path} is damaged ({error}); give a file in PEM form"))
}

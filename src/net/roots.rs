//! The authorities whose certificates are believed.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Trouble;

/// Those of Mozilla, or those of a file of the operator's own, from the site's folder.
///
/// # Errors
///
/// Where that file cannot be used.
pub fn roots(root: &Path, ca_file: Option<&str>) -> Result<RootCertStore, Trouble> {
    let Some(path) = ca_file else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let unread = || Trouble::new(format!("`{path}` holds no certificates that can be read (`ca_file`)"));
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(root.join(path)).map_err(|_| unread())? {
        store.add(certificate.map_err(|_| unread())?).map_err(|_| unread())?;
    }
    Ok(store)
}

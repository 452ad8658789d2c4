//! TLS, in a build with the feature `tls`: rustls, with the cryptography of ring. Other builds say that they have none.

use std::path::PathBuf;

/// Whether this build speaks TLS.
pub const TLS: bool = cfg!(feature = "tls");

/// The files of a certificate, with those that vouch for it after it, and of its private key, in PEM.
#[derive(Clone)]
pub struct Identity {
    /// The certificate.
    pub certificate: PathBuf,
    /// The key.
    pub key: PathBuf,
}

#[cfg(feature = "tls")]
mod spoken {
    use std::io;
    use std::path::Path;
    use std::sync::Arc;

    use rustls::ServerConfig;
    use rustls::crypto::ring::default_provider;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio::net::TcpStream;
    use tokio_rustls::TlsAcceptor;

    use crate::tls::Identity;

    /// A connection under TLS.
    pub type Stream = tokio_rustls::server::TlsStream<TcpStream>;

    /// Who the service is, to callers.
    #[derive(Clone)]
    pub struct Tls(TlsAcceptor);

    impl Tls {
        /// Reads certificate and key, which must belong together.
        ///
        /// # Errors
        /// In words.
        pub fn of(identity: &Identity) -> Result<Tls, String> {
            let Identity { certificate, key } = identity;
            let wrong = |file: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
            let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let chain = chain.map_err(|error| wrong(certificate, &error))?;
            if chain.is_empty() {
                return Err(wrong(certificate, &"there is no certificate in it"));
            }
            let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
            let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
                .with_safe_default_protocol_versions()
                .and_then(|config| config.with_no_client_auth().with_single_cert(chain, secret));
            let mut config = config.map_err(|error| wrong(key, &error))?;
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            Ok(Tls(TlsAcceptor::from(Arc::new(config))))
        }

        /// Agrees on keys with a caller.
        ///
        /// # Errors
        /// Where they do not agree.
        pub async fn accept(&self, stream: TcpStream) -> io::Result<Stream> {
            self.0.accept(stream).await
        }
    }
}

#[cfg(not(feature = "tls"))]
mod spoken {
    use std::io;

    use tokio::net::TcpStream;

    use crate::tls::Identity;

    /// A connection under TLS, of which there is none.
    pub type Stream = TcpStream;

    /// Nobody, in this build.
    #[derive(Clone)]
    pub enum Tls {}

    impl Tls {
        /// Refuses.
        ///
        /// # Errors
        /// Always.
        pub fn of(_: &Identity) -> Result<Tls, String> {
            Err("this program is built without TLS".to_owned())
        }

        /// Cannot be asked.
        ///
        /// # Errors
        /// None.
        pub async fn accept(&self, _: TcpStream) -> io::Result<Stream> {
            match *self {}
        }
    }
}

pub use spoken::Tls;

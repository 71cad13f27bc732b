//! GeoPackage

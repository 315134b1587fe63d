//! The specifications that an electronic invoice can follow.

/// A specification of electronic invoices. All are usages of EN 16931.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Factur-X 1.0 and ZUGFeRD 2, profile EN 16931: the invoice inside a PDF.
    FacturX,
    /// XRechnung 3.0 in CII.
    XRechnung,
    /// XRechnung 3.0 in UBL.
    XRechnungUbl,
    /// Peppol BIS Billing 3.0, which is UBL.
    Peppol,
}

/// The syntaxes of EN 16931.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// UN/CEFACT Cross Industry Invoice D16B.
    Cii,
    /// OASIS UBL 2.1.
    Ubl,
}

impl Profile {
    /// Returns its common name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FacturX => "Factur-X",
            Self::XRechnung | Self::XRechnungUbl => "XRechnung",
            Self::Peppol => "Peppol UBL",
        }
    }

    /// Returns the specification's identifier (BT-24).
    pub(super) fn customization(self) -> &'static str {
        match self {
            Self::FacturX => "urn:cen.eu:en16931:2017",
            Self::XRechnung | Self::XRechnungUbl => {
                "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
            }
            Self::Peppol => "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        }
    }

    /// Returns the business process's identifier (BT-23).
    pub(super) fn process(self) -> Option<&'static str> {
        (self != Self::FacturX).then_some("urn:fdc:peppol.eu:2017:poacc:billing:01:1.0")
    }

    pub(super) fn syntax(self) -> Syntax {
        match self {
            Self::FacturX | Self::XRechnung => Syntax::Cii,
            Self::XRechnungUbl | Self::Peppol => Syntax::Ubl,
        }
    }

    pub(super) fn is_xrechnung(self) -> bool {
        matches!(self, Self::XRechnung | Self::XRechnungUbl)
    }
}

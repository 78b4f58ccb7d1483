"""The four service types and when each may stand on a call (003 Art. 4; D1, D42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from servicedesk.domain.words import Sentence, label, say


class ServiceType(StrEnum):
    """The letter on the paper."""

    PAID = "A"
    CONTRACT = "B"
    FREE = "C"
    ADMIN = "D"


SERVICE_TYPES = {
    ServiceType.PAID: label("paid service"),
    ServiceType.CONTRACT: label("contract service"),
    ServiceType.FREE: label("free service"),
    ServiceType.ADMIN: label("general administrative work"),
}


@dataclass(frozen=True)
class ContractFacts:
    """What the rules ask of a maintenance contract; both dates belong to its term.

    `in_force` is its state (not a draft, not terminated), `covers` whether it names this product.
    """

    number: str
    starts_on: date
    expires_on: date
    in_force: bool
    covers: bool


@dataclass(frozen=True)
class Derived:
    """The service type that follows from the facts, and why."""

    type: ServiceType
    because: Sentence


def derive(called_on: date, warranty_until: date | None, contract: ContractFacts | None) -> Derived:
    """C inside the free warranty, else B under a contract in force for the product, else A (003 Art. 4).

    `called_on` is the local day of the call; the last day of a warranty or contract still counts.
    """
    if _free_refusal(called_on, warranty_until) is None:
        return Derived(ServiceType.FREE, say("free warranty to {until}", until=warranty_until))
    contract_refusal = _contract_refusal(called_on, contract)
    if contract is not None and contract_refusal is None:
        because = say("contract {number} to {until}", number=contract.number, until=contract.expires_on)
        return Derived(ServiceType.CONTRACT, because)
    return Derived(ServiceType.PAID, _why_paid(called_on, warranty_until, contract))


def refusal(
    service_type: str, called_on: date, warranty_until: date | None, contract: ContractFacts | None
) -> Sentence | None:
    """Why this type may not stand on this call, or nothing where it may (003 Art. 4-2, 4-3)."""
    if service_type == ServiceType.CONTRACT:
        return _contract_refusal(called_on, contract)
    if service_type == ServiceType.FREE:
        return _free_refusal(called_on, warranty_until)
    if service_type == ServiceType.ADMIN:
        return say("General administrative work has no customer: enter it on the daily report.")
    return None


def _contract_refusal(called_on: date, contract: ContractFacts | None) -> Sentence | None:
    if contract is None:
        return say("Contract service needs a contract for this product: choose another type or enter the contract.")
    if not contract.covers:
        return say("Contract {number} does not cover this product: choose another type.", number=contract.number)
    if not contract.in_force:
        return say("Contract {number} is not in force: choose another type.", number=contract.number)
    if called_on < contract.starts_on:
        return say(
            "Contract {number} starts on {day}, after the call: choose another type.",
            number=contract.number,
            day=contract.starts_on,
        )
    if called_on > contract.expires_on:
        return say(
            "Contract {number} expired on {day}: renew it first or choose another type.",
            number=contract.number,
            day=contract.expires_on,
        )
    return None


def _free_refusal(called_on: date, warranty_until: date | None) -> Sentence | None:
    if warranty_until is None:
        return say("Free service needs the end of the warranty: enter it or choose another type.")
    if warranty_until < called_on:
        return say("The warranty ended on {day}, before the call: choose another type.", day=warranty_until)
    return None


def _why_paid(called_on: date, warranty_until: date | None, contract: ContractFacts | None) -> Sentence:
    if contract is not None:
        return _why_not_contract(called_on, contract)
    if warranty_until is None:
        return say("no warranty and no contract on record")
    return say("warranty ended on {day}, no contract", day=warranty_until)


def _why_not_contract(called_on: date, contract: ContractFacts) -> Sentence:
    number = contract.number
    if not contract.covers:
        return say("contract {number} does not cover this product", number=number)
    if not contract.in_force:
        return say("contract {number} is not in force", number=number)
    if called_on < contract.starts_on:
        return say("contract {number} starts on {day}", number=number, day=contract.starts_on)
    return say("contract {number} expired on {day}", number=number, day=contract.expires_on)

"""Every setting, read in one place from the environment; docs/settings.md lists them."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.refusals import InvalidSetting
from geo.problems import Problem

DEFAULT_PORT = 8765
# All of China keeps one time; days in questions and on reports are days there.
COUNTY_TIME = ZoneInfo("Asia/Shanghai")


def default_home() -> Path:
    """Return where the data folder is when nothing says otherwise.

    PostgreSQL refuses to run as root and its account cannot enter root's home, so root's
    data lives below ``/var/lib``.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/wangge")
    share = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(share) / "wangge"


NOT_LOOPBACK = "not_loopback"


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is this machine's loopback (a name or an address)."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    # how a socket for both kinds of addresses (::) shows a caller of the older kind
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


class Settings(BaseSettings):
    """What can be set from outside. Environment variables win over defaults."""

    model_config = SettingsConfigDict(
        env_prefix="WANGGE_", extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL ≥ 14 with PostGIS ≥ 3.3 to use instead of the private cluster.",
    )
    home: Path = Field(
        default_factory=default_home,
        description="Data folder: the private cluster, waiting imports, the sample's files.",
    )
    host: str = Field(
        default="127.0.0.1",
        description=(
            "Address to listen on. Only loopback, unless WANGGE_OTHER_SYSTEMS or"
            " WANGGE_ALLOW_REMOTE is set; 0.0.0.0 is every address of this machine."
        ),
    )
    port: int = Field(
        default=DEFAULT_PORT,
        ge=0,
        le=65535,
        description="Port of the web map and the API; 0 takes any free one.",
    )
    allow_remote: bool = Field(
        default=False,
        description=(
            "Listen on other addresses and accept callers that are not this machine. There is"
            " no login: only for a container whose port is published to loopback."
        ),
    )
    other_systems: bool = Field(
        default=False,
        description=(
            "Listen on other addresses, and let callers that are not this machine look up"
            " addresses and grids with an API key (wangge keys), and nothing else. Name the"
            " host they call in WANGGE_ALLOWED_HOSTS."
        ),
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("localhost", "127.0.0.1", "::1"),
        description=(
            "Names and addresses of this machine a request may be addressed to, without port,"
            " separated by commas. They replace the default: keep localhost for the map."
        ),
    )
    threads: int = Field(
        default=16,
        ge=1,
        le=100,
        description="Requests worked on at once; the connection pool is as large.",
    )
    max_upload_mb: int = Field(
        default=512, ge=1, description="Largest file that can be uploaded for import, in MB."
    )
    max_request_mb: int = Field(
        default=16, ge=1, description="Largest request other than an import, in MB."
    )
    language: Literal["zh", "en"] | None = Field(
        default=None,
        description="Language of the interface; unset follows the browser (and the locale).",
    )
    map_review_number: str | None = Field(
        default=None,
        description="Map-review number 审图号 shown on every map and export.",
    )
    basemap: Literal["none", "osm", "tianditu_vec", "tianditu_img", "amap", "xyz", "wmts"] = Field(
        default="none", description="Base map behind the layers; none needs no network at all."
    )
    basemap_url: str | None = Field(
        default=None,
        description="Address template of an xyz or wmts base map, with {z}, {x} and {y}.",
    )
    basemap_key: str | None = Field(
        default=None, description="Key of the base map service, put in place of {key}."
    )
    basemap_crs: Literal["wgs84", "gcj02"] | None = Field(
        default=None, description="Datum of an xyz or wmts base map (wgs84 when unset)."
    )

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _separated(cls, hosts: object) -> object:
        return [h.strip() for h in hosts.split(",")] if isinstance(hosts, str) else hosts

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        local = is_loopback(self.host)
        if not (self.allow_remote or self.other_systems or local):
            raise PydanticCustomError(
                NOT_LOOPBACK, "{host} is not this machine (no login yet)", {"host": self.host}
            )
        if self.other_systems and self.allow_remote:
            raise ValueError("WANGGE_ALLOW_REMOTE would let other systems do everything, keyless")
        if self.other_systems and not local and all(map(is_loopback, self.allowed_hosts)):
            raise ValueError(
                "WANGGE_OTHER_SYSTEMS needs the name or address that other systems call in"
                " WANGGE_ALLOWED_HOSTS"
            )
        if self.basemap in ("xyz", "wmts") and not self.basemap_url:
            raise ValueError(f"WANGGE_BASEMAP {self.basemap} needs WANGGE_BASEMAP_URL")
        if self.basemap in ("tianditu_vec", "tianditu_img") and not self.basemap_key:
            raise ValueError(f"WANGGE_BASEMAP {self.basemap} needs WANGGE_BASEMAP_KEY")
        if self.basemap_url and not self.basemap_url.startswith(("https://", "http://")):
            raise ValueError("WANGGE_BASEMAP_URL must start with https:// or http://")
        return self


def environment_name(field: str) -> str:
    """Return the environment variable of a field of :class:`Settings`."""
    return "DATABASE_URL" if field == "database_url" else f"WANGGE_{field.upper()}"


def load_settings(**overrides: object) -> Settings:
    """Read the environment; what ``overrides`` gives (not None) wins.

    Raises
    ------
    InvalidSetting
        With the variable's name and what is wrong with it.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == NOT_LOOPBACK:
            raise InvalidSetting(Problem(NOT_LOOPBACK, first["ctx"])) from error
        place = str(first["loc"][0]) if first["loc"] else ""
        name = environment_name(place) if place in Settings.model_fields else place or "WANGGE_*"
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise InvalidSetting(
            Problem("invalid_setting", {"setting": name, "reason": reason})
        ) from error

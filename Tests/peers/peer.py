"""Ends of an OCPP connection made of the PyPI package `ocpp`: its framing, its routing loop and its schema validation.

Payloads stay as they are on the wire: the package's translation to snake_case and back loses the case of some names.
"""

import asyncio
import json
import logging

import jsonschema
import ocpp.charge_point
import websockets
from ocpp.exceptions import NotImplementedError as UnknownAction
from ocpp.messages import Call, MessageType, validate_payload

from payloads import SENDS, schema

logging.getLogger("ocpp").setLevel(logging.CRITICAL)


class Lost(Exception):
    """The connection is gone before the answer came."""


class Peer(ocpp.charge_point.ChargePoint):
    """Sends any action and answers any action, validating all four directions against the standard's schemas."""

    def __init__(self, identity, connection, version, answer, response_timeout=20):
        self._ocpp_version = version
        super().__init__(identity, connection, response_timeout)
        self._answer = answer  # (action, payload) -> payload, may be a coroutine
        self.received = []  # (action, payload) of valid CALLs
        self.answered = []  # their actions, as soon as the answer has left
        self.problems = []  # what did not validate
        self.closed = asyncio.Event()

    async def request(self, action, payload):
        """Sends a CALL; returns the validated payload of its CALLRESULT. Raises `Lost` where the connection ends first."""
        call = Call(unique_id=str(self._unique_id_generator()), action=action, payload=payload)
        await validate_payload(call, self._ocpp_version)
        async with self._call_lock:
            response = await self._ask(call)
        if response.message_type_id == MessageType.CallError:
            raise AssertionError(f"{action}: CALLERROR {response.error_code} {response.error_description}")
        response.action = action
        await validate_payload(response, self._ocpp_version)
        return response.payload

    async def _ask(self, call):
        ends = asyncio.ensure_future(self.closed.wait())
        comes = asyncio.ensure_future(self._exchange(call))
        try:
            await asyncio.wait({ends, comes}, return_when=asyncio.FIRST_COMPLETED)
            if not comes.done():
                raise Lost(f"{call.action} to {self.id}: the connection ended before the answer")
            return comes.result()
        except websockets.ConnectionClosed as error:
            raise Lost(f"{call.action} to {self.id}: {error}") from error
        except asyncio.TimeoutError as error:
            raise AssertionError(f"{call.action} to {self.id}: no answer in {self._response_timeout} s") from error
        finally:
            ends.cancel()
            comes.cancel()

    async def _exchange(self, call):
        await self._send(call.to_json())
        return await self._get_specific_response(call.unique_id, self._response_timeout)

    async def _handle_call(self, msg):
        try:
            await validate_payload(msg, self._ocpp_version)
        except Exception as error:
            self.problems.append(f"{msg.action}: {error!r} in {msg.payload}")
            raise
        self.received.append((msg.action, msg.payload))
        payload = self._answer(msg.action, msg.payload)
        if asyncio.iscoroutine(payload):
            payload = await payload
        if payload is None:
            raise UnknownAction(details={"cause": msg.action})
        response = msg.create_call_result(payload)
        response.action = msg.action
        await validate_payload(response, self._ocpp_version)
        await self._send(response.to_json())
        self.answered.append(msg.action)

    async def route_message(self, raw_msg):
        """What the package does not know: SEND, taken as a CALL without an answer, and CALLRESULTERROR, both of 2.1."""
        kind = raw_msg.lstrip()[1:].lstrip()[:1]
        if self._ocpp_version == "2.1" and kind == "6":
            _, unique_id, action, payload = json.loads(raw_msg)
            try:
                assert unique_id and action in SENDS, raw_msg
                jsonschema.validate(payload, schema("2.1", action, "Request"))
            except (AssertionError, jsonschema.ValidationError) as error:
                self.problems.append(f"{action}: {error!r} in {payload}")
                return
            self.received.append((action, payload))
            self._answer(action, payload)
            return
        if kind == "5":
            self.problems.append(f"CALLRESULTERROR {raw_msg}")
            return
        await super().route_message(raw_msg)

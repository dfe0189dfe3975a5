"""JAX: an epoch is compiled as a whole, a scan over its batches."""

from time import perf_counter
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.contestants.job import EVALUATION_CHUNK, Digits, Job, Measured, serve

Tree = Any


def do(job: Job, digits: Digits) -> Measured:
    """Compile, then train."""
    jax.clear_caches()
    train_inputs, train_targets, val_inputs, val_targets = map(jnp.asarray, digits)
    start = perf_counter()
    key = jax.random.key(0)
    params, statistics = _initial(job, key)
    first, second = jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params)
    state = (params, statistics, (first, second, jnp.zeros(())))

    compiling = perf_counter()
    epoch = (
        jax.jit(lambda *a: _epoch(job, *a), donate_argnums=0)
        .lower(state, train_inputs, train_targets, key)
        .compile()
    )
    evaluate = jax.jit(_accuracy)
    on_train = evaluate.lower(params, statistics, train_inputs, train_targets).compile()
    on_val = evaluate.lower(params, statistics, val_inputs, val_targets).compile()
    compile_seconds = perf_counter() - compiling

    accuracy, steps_seconds = jnp.zeros(()), 0.0
    for number in range(job.epochs):
        began = perf_counter()
        state = jax.block_until_ready(
            epoch(state, train_inputs, train_targets, jax.random.fold_in(key, number))
        )
        steps_seconds += perf_counter() - began
        on_train(*state[:2], train_inputs, train_targets).block_until_ready()
        accuracy = on_val(*state[:2], val_inputs, val_targets).block_until_ready()
    return {
        "seconds": perf_counter() - start,
        "compile_seconds": compile_seconds,
        "steps_seconds": steps_seconds,
        "val_accuracy": float(accuracy),
    }


def _initial(job: Job, key: jax.Array) -> tuple[Tree, Tree]:
    """Return parameters (weight, bias and, where there is batch norm, gamma of each layer), and running statistics."""
    params: list[Tree] = []
    statistics: list[Tree] = []
    for num_inputs, num_outputs in zip(job.widths, job.widths[1:], strict=False):
        key, own = jax.random.split(key)
        weight = jax.random.normal(own, (num_inputs, num_outputs)) * jnp.sqrt(2 / num_inputs)
        is_normed = job.batch_norm and len(params) < len(job.hidden)
        params.append((weight, jnp.zeros(num_outputs), jnp.ones(num_outputs) if is_normed else None))
        statistics.append((jnp.zeros(num_outputs), jnp.ones(num_outputs)) if is_normed else None)
    return params, statistics


def _logits(params: Tree, statistics: Tree, inputs: jax.Array, *, training: bool) -> tuple[jax.Array, Tree]:
    followed = []
    for index, ((weight, bias, gamma), running) in enumerate(zip(params, statistics, strict=True)):
        outputs = inputs @ weight
        if gamma is not None:
            mean, var = (outputs.mean(0), outputs.var(0)) if training else running
            outputs = gamma * (outputs - mean) * jax.lax.rsqrt(var + 1e-5)
            running = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, running, (mean, var))
        followed.append(running)
        outputs = outputs + bias
        inputs = outputs if index == len(params) - 1 else jax.nn.relu(outputs)
    return inputs, followed


def _loss(params: Tree, statistics: Tree, inputs: jax.Array, targets: jax.Array) -> tuple[jax.Array, Tree]:
    logits, followed = _logits(params, statistics, inputs, training=True)
    rows = jnp.take_along_axis(jax.nn.log_softmax(logits), targets[:, None], 1)
    return -rows.mean(), followed


def _epoch(job: Job, state: Tree, inputs: jax.Array, targets: jax.Array, key: jax.Array) -> Tree:
    def step(state: Tree, chosen: jax.Array) -> tuple[Tree, None]:
        params, statistics, memory = state
        grads, statistics = jax.grad(_loss, has_aux=True)(params, statistics, inputs[chosen], targets[chosen])
        params, memory = (_adam if job.optimizer == "adam" else _momentum)(params, grads, memory, job.lr)
        return (params, statistics, memory), None

    order = jax.random.permutation(key, len(inputs))
    whole = len(inputs) // job.batch_size * job.batch_size
    state, _ = jax.lax.scan(step, state, order[:whole].reshape(-1, job.batch_size))
    if whole < len(inputs):
        state, _ = step(state, order[whole:])
    return state


def _adam(params: Tree, grads: Tree, memory: Tree, lr: float) -> tuple[Tree, Tree]:
    m, v, t = memory
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
    params = jax.tree.map(
        lambda p, m, v: p - lr * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8),
        params,
        m,
        v,
    )
    return params, (m, v, t)


def _momentum(params: Tree, grads: Tree, memory: Tree, lr: float) -> tuple[Tree, Tree]:
    velocity, unused, t = memory
    velocity = jax.tree.map(lambda v, g: 0.9 * v - lr * g, velocity, grads)
    return jax.tree.map(jnp.add, params, velocity), (velocity, unused, t)


def _accuracy(params: Tree, statistics: Tree, inputs: jax.Array, targets: jax.Array) -> jax.Array:
    def right(chunk: tuple[jax.Array, jax.Array]) -> jax.Array:
        logits, _ = _logits(params, statistics, chunk[0], training=False)
        return (logits.argmax(1) == chunk[1]).sum()

    chunks = (inputs.reshape(-1, EVALUATION_CHUNK, 784), targets.reshape(-1, EVALUATION_CHUNK))
    return jax.lax.map(right, chunks).sum() / len(inputs)


if __name__ == "__main__":
    serve(do)

# %% [markdown]
# # Problems 1 to 3. Gradients by hand
#
# Three short problems about the formulas that every later part of this homework rests on: the
# derivative of softmax, a robust loss, and the update rule of Adam. Each has the same two halves.
#
# 1. **Derive.** You write the derivation into a cell that says *Your answer to ...*. A person reads
#    it. Double-click the cell, replace the line *Write here*, and run it with Shift-Enter. Formulas
#    are LaTeX between dollar signs: `$\partial y_i / \partial z_j$`. A derivation is a chain of
#    equations in which a reader can follow each step; a result alone earns little.
# 2. **Implement.** You turn your result into a few lines of NumPy, between `# BEGIN YOUR SOLUTION`
#    and `# END YOUR SOLUTION`. The check cell below tells you whether they are right, so that you
#    can trust your derivation before you hand it in.
#
# Only NumPy is needed here. Libraries that differentiate by themselves cannot be imported.
#
# **Notation.** Vectors are columns. $\operatorname{diag}(y)$ is the square matrix with $y$ on its
# diagonal, $\delta_{ij}$ is 1 where $i = j$ and 0 elsewhere, $\|\cdot\|$ is the Euclidean norm. For
# a scalar $f$ and an array $A$, the gradient $\nabla_{\!A} f$ has the shape of $A$; its entries are
# $\partial f / \partial A_{ij}$.

# %%
import numpy as np

# %% [markdown]
# ### A tool: differences
#
# A derivative can always be measured. This function moves one entry of `x` at a time by a small
# step and looks at what `f` does. It is slow, and right to about eight digits, which makes it the
# natural judge of a formula. It is given; use it wherever you like.


# %%
def central_differences(f, x, step=1e-5):
    """Measure the derivative of a function at a point.

        ∂f/∂xₖ ≈ (f(x + step eₖ) - f(x - step eₖ)) / (2 step)

    Args:
        f: takes an array of the shape of x, returns a number or an array.
        x: the point, an array.
        step: how far each entry of x is moved.

    Returns:
        An array of shape (shape of f(x)) + (shape of x): the entry [..., k] is ∂f/∂xₖ.
    """
    x = np.asarray(x, dtype=float)
    derivative = np.empty(np.shape(f(x)) + x.shape)
    for k in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[k] += step
        below[k] -= step
        derivative[(..., *k)] = (np.asarray(f(above)) - np.asarray(f(below))) / (2 * step)
    return derivative


# %% [markdown]
# ---
# ## Problem 1. Softmax and matrix gradients
#
# ### 1.1 The Jacobian of softmax
#
# Softmax with temperature $\tau > 0$ turns $K$ scores $z \in \mathbb{R}^K$ into probabilities:
#
# $$
# y = \operatorname{softmax}(z / \tau), \qquad
# y_i = \frac{e^{z_i/\tau}}{\sum_{k=1}^{K} e^{z_k/\tau}} .
# $$
#
# Derive its Jacobian $J \in \mathbb{R}^{K \times K}$, $J_{ij} = \partial y_i / \partial z_j$,
#
# - first entry by entry (treat $i = j$ and $i \neq j$, together or apart),
# - then in matrix form, in terms of $y$ and $\tau$ only.

# %% [markdown] answer="p1-softmax-derivation"
# Write $S = \sum_k e^{z_k/\tau}$, so that $y_i = e^{z_i/\tau} / S$.
#
# **The two pieces.** Only the $j$-th term of $S$ contains $z_j$, and $e^{z_i/\tau}$ contains it
# only if $i = j$. Hence
#
# $$
# \frac{\partial}{\partial z_j} e^{z_i/\tau} = \frac{\delta_{ij}}{\tau}\, e^{z_i/\tau},
# \qquad
# \frac{\partial S}{\partial z_j} = \frac{1}{\tau}\, e^{z_j/\tau} .
# $$
#
# **Entry by entry.** By the quotient rule,
#
# $$
# \frac{\partial y_i}{\partial z_j}
# = \frac{\tfrac{\delta_{ij}}{\tau}\, e^{z_i/\tau}\, S
#         - e^{z_i/\tau} \cdot \tfrac{1}{\tau}\, e^{z_j/\tau}}{S^2}
# = \frac{1}{\tau}\left(\delta_{ij}\, \frac{e^{z_i/\tau}}{S}
#   - \frac{e^{z_i/\tau}}{S} \cdot \frac{e^{z_j/\tau}}{S}\right)
# = \frac{1}{\tau}\, y_i\, (\delta_{ij} - y_j) .
# $$
#
# On the diagonal this is $y_i (1 - y_i)/\tau > 0$: raising a score raises its own probability. Off
# the diagonal it is $-y_i y_j/\tau < 0$: it lowers all others.
#
# **Matrix form.** $y_i \delta_{ij}$ is the entry $(i, j)$ of $\operatorname{diag}(y)$ and $y_i y_j$
# that of the outer product $y y^\top$, so
#
# $$
# J = \frac{\partial y}{\partial z} = \frac{1}{\tau}\left(\operatorname{diag}(y) - y y^\top\right) .
# $$
#
# **Two checks.** $J$ is symmetric. Its rows sum to $\frac{1}{\tau} y_i (1 - \sum_j y_j) = 0$, as
# they must, because adding the same number to all scores leaves $y$ as it is.

# %% [markdown]
# Now write it down. $e^{z_i/\tau}$ overflows as soon as $z_i/\tau$ is above 709, although $y$
# itself is harmless. Softmax does not change when one and the same number is subtracted from all
# scores; choose that number well.


# %%
def softmax_jacobian(z, tau):
    """Compute the Jacobian of y = softmax(z / tau).

        yᵢ = exp(zᵢ/τ) / Σₖ exp(zₖ/τ)
        J[i, j] = ∂yᵢ/∂zⱼ

    It is right for scores of any size: no exponential overflows.

    Args:
        z: the scores, (K,).
        tau: the temperature τ, a number above 0.

    Returns:
        J, (K, K).
    """
    # BEGIN SOLUTION p1-softmax-jacobian
    scaled = z / tau
    exponentials = np.exp(scaled - np.max(scaled))
    y = exponentials / np.sum(exponentials)
    return (np.diag(y) - np.outer(y, y)) / tau
    # END SOLUTION


# %% [markdown]
# Try it on numbers of your own. At a high temperature all classes are nearly alike, and scores
# hardly matter; at a low one a single class has everything, and they hardly matter either.

# %%
z = np.array([2.0, 1.0, -1.0])
for tau in (0.1, 1.0, 10.0):
    J = softmax_jacobian(z, tau)
    print(f"tau = {tau:4}: the largest entry is {np.abs(J).max():.5f},", end=" ")
    print(f"the rows sum to {np.abs(J.sum(axis=1)).max():.1e}")

# %% [markdown]
# ### 1.2 The gradients of an affine model
#
# For a matrix $A \in \mathbb{R}^{m \times n}$, vectors $b, t \in \mathbb{R}^m$ and an input
# $x \in \mathbb{R}^n$, let
#
# $$
# f(A, b) = \tfrac{1}{2} \left\| A x + b - t \right\|^2 .
# $$
#
# Derive $\nabla_{\!A} f \in \mathbb{R}^{m \times n}$ and $\nabla_b f \in \mathbb{R}^m$. Say in one
# sentence what rank $\nabla_{\!A} f$ has.

# %% [markdown] answer="p1-affine-derivation"
# Let $e = Ax + b - t$ be the error, with entries $e_i = \sum_k A_{ik} x_k + b_i - t_i$. Then
# $f = \tfrac12 \sum_i e_i^2$ and $\partial f / \partial e_i = e_i$.
#
# Only $e_i$ contains the entry $A_{ij}$ and the entry $b_i$, with
# $\partial e_i / \partial A_{ij} = x_j$ and $\partial e_i / \partial b_i = 1$. The chain rule gives
#
# $$
# \frac{\partial f}{\partial A_{ij}} = e_i\, x_j , \qquad \frac{\partial f}{\partial b_i} = e_i ,
# $$
#
# and with all entries side by side
#
# $$
# \nabla_{\!A} f = e\, x^\top = (Ax + b - t)\, x^\top , \qquad \nabla_b f = e = Ax + b - t .
# $$
#
# The shapes agree: $(m \times 1)(1 \times n) = m \times n$ is the shape of $A$. As an outer product
# of two vectors $\nabla_{\!A} f$ has rank 1 (rank 0 where $e = 0$ or $x = 0$): one sample can teach
# the matrix about one direction of the input only.


# %%
def affine_gradients(A, b, x, t):
    """Compute the gradients of f(A, b) = ½ ‖A x + b - t‖².

    Args:
        A: (m, n).
        b: (m,).
        x: the input, (n,).
        t: the target, (m,).

    Returns:
        The pair (∂f/∂A, ∂f/∂b), of shapes (m, n) and (m,).
    """
    # BEGIN SOLUTION p1-affine-gradients
    error = A @ x + b - t
    return np.outer(error, x), error
    # END SOLUTION


# %%
A, b = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]]), np.array([0.5, -0.5])
x, t = np.array([1.0, -1.0, 2.0]), np.array([1.0, 1.0])
gradients = affine_gradients(A, b, x, t)
# The differences are the judge of your first gradient; that of b can be measured in the same way.
measured = central_differences(lambda matrix: 0.5 * np.sum((matrix @ x + b - t) ** 2), A)
print("yours:", gradients[0], "measured:", measured.round(6), sep="\n")

# %% [markdown]
# ### 1.3 Softmax or sigmoid?
#
# A classifier can end in a softmax with cross-entropy, or in one sigmoid per output with binary
# cross-entropy. When do you use which, and why? Say
#
# - what each of the two assumes about the labels, with an example of a task for each,
# - what goes wrong in each if you swap them,
# - how the two are related where there are exactly two classes.

# %% [markdown] answer="p1-softmax-or-sigmoid"
# **Softmax with cross-entropy** models *one* categorical variable: exactly one of $K$ classes
# applies to an input. The outputs compete, $\sum_k y_k = 1$, and $-\log y_c$ is the negative
# log-likelihood of the true class $c$. Example: which digit, 0 to 9, is on this image?
#
# **Sigmoids with binary cross-entropy** model $K$ *independent* yes-or-no variables: any number of
# labels may apply, also none or all. Output $k$ is $P(\text{label}_k = 1 \mid x)$, and the loss
# $-\sum_k [t_k \log y_k + (1 - t_k) \log (1 - y_k)]$ is the negative log-likelihood of $K$
# Bernoulli variables. Example: which findings does this X-ray show?
#
# **Swapped.** A softmax on multi-label data forces the labels to compete: where two labels apply,
# neither can rise above one half without pushing the other below it, and "none of them" cannot be
# said at all. Sigmoids on exclusive classes can be trained, but ignore what is known: the outputs
# need not sum to one, two classes can both be at 0.9, and nothing ties the scores of wrong classes
# to that of the right one; the decision by the largest output still works, the probabilities are
# not calibrated as a distribution over classes.
#
# **Two classes.** Both agree. Dividing by $e^{z_1}$,
#
# $$
# \frac{e^{z_1}}{e^{z_1} + e^{z_2}} = \frac{1}{1 + e^{-(z_1 - z_2)}} = \sigma(z_1 - z_2) ,
# $$
#
# so a softmax over two scores is a sigmoid of their difference; the second score is redundant.
#
# **Why these losses and not others.** In both pairs the exponential of the output function meets
# the logarithm of the loss, and the gradient with respect to the scores is simply $y - t$. It stays
# large while a prediction is confidently wrong. A squared error would multiply it by the slope of
# softmax or sigmoid, which is nearly zero exactly there.

# %% [markdown]
# ---
# ## Problem 2. Linear regression with Huber loss
#
# A line fitted by least squares can be thrown off by a single bad measurement. The Huber loss
# counts small residuals as least squares do, and large ones only linearly. For $n$ samples
# $x_i \in \mathbb{R}^d$ with targets $y_i \in \mathbb{R}$, weights $w \in \mathbb{R}^d$ and a
# threshold $\delta > 0$:
#
# $$
# L_\delta(w) = \sum_{i=1}^{n} \ell_\delta(r_i), \qquad r_i = y_i - w^\top x_i, \qquad
# \ell_\delta(r) =
# \begin{cases}
# \tfrac12 r^2 & |r| \le \delta \\
# \delta \left(|r| - \tfrac12 \delta\right) & |r| > \delta
# \end{cases}
# $$
#
# The samples are the rows of $X \in \mathbb{R}^{n \times d}$. There is no intercept; a column of
# ones in $X$ would bring one. The loss is a sum, not a mean.
#
# ### 2.1 The gradient
#
# Derive $\nabla_w L_\delta(w)$. Show first that $\ell_\delta$ is differentiable everywhere, also at
# $|r| = \delta$, and write the result in matrix form with a function that acts on each residual.

# %% [markdown] answer="p2-huber-derivation"
# **One residual.** For $|r| < \delta$ the loss is $\tfrac12 r^2$, with the derivative $r$. For
# $r > \delta$ it is $\delta r - \tfrac12\delta^2$, with the derivative $\delta$; for $r < -\delta$
# it is $-\delta r - \tfrac12\delta^2$, with the derivative $-\delta$.
#
# At $r = \delta$ both pieces have the value $\tfrac12\delta^2$, so $\ell_\delta$ is continuous, and
# the derivatives from the left and from the right, $r \to \delta$ and $\delta$, agree. By symmetry
# the same holds at $-\delta$. So $\ell_\delta$ is continuously differentiable, and
#
# $$
# \ell_\delta'(r) =
# \begin{cases} r & |r| \le \delta \\ \delta \operatorname{sign}(r) & |r| > \delta \end{cases}
# \;=\; \operatorname{clip}(r, -\delta, \delta) .
# $$
#
# **The chain rule.** From $r_i = y_i - \sum_j w_j x_{ij}$ follows
# $\partial r_i / \partial w_j = -x_{ij}$, therefore
#
# $$
# \frac{\partial L_\delta}{\partial w_j}
# = \sum_{i=1}^{n} \ell_\delta'(r_i)\, \frac{\partial r_i}{\partial w_j}
# = -\sum_{i=1}^{n} \operatorname{clip}(r_i, -\delta, \delta)\, x_{ij} .
# $$
#
# **Matrix form.** With $r = y - Xw$ and the clipping applied entry by entry,
#
# $$
# \nabla_w L_\delta(w) = -X^\top \operatorname{clip}(y - Xw, -\delta, \delta) .
# $$
#
# For $\delta \to \infty$ nothing is clipped and this is the gradient of least squares,
# $-X^\top (y - Xw)$. For small $\delta$ it is $-\delta X^\top \operatorname{sign}(r)$, the gradient
# of $\delta$ times the sum of absolute residuals.


# %%
def huber_gradient(w, X, y, delta):
    """Compute the gradient of the Huber loss of a linear model.

        L(w) = Σᵢ ℓ(rᵢ),  rᵢ = yᵢ - wᵀxᵢ       a sum over the samples, not a mean
        ℓ(r) = ½ r²              where |r| ≤ δ
        ℓ(r) = δ (|r| - ½ δ)     beyond

    Args:
        w: the weights, (d,).
        X: one sample in each row, (n, d).
        y: the targets, (n,).
        delta: the threshold δ, a number above 0.

    Returns:
        ∂L/∂w, (d,).
    """
    # BEGIN SOLUTION p2-huber-gradient
    residuals = y - X @ w
    return -X.T @ np.clip(residuals, -delta, delta)
    # END SOLUTION


# %% [markdown]
# Five of these six points lie near the line $y = x$, the last one does not. Look at the gradient at
# that line: which part of it is the outlier's, for a large and for a small $\delta$?

# %%
X = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
y = np.array([1.1, 1.9, 3.2, 3.8, 5.1, 30.0])
for delta in (100.0, 1.0, 0.1):
    print(f"delta = {delta:5}: the gradient at w = 1 is", huber_gradient(np.ones(1), X, y, delta))

# %% [markdown]
# ### 2.2 A closed form?
#
# Least squares has one: $w = (X^\top X)^{-1} X^\top y$, where the inverse exists. Is there one for
# the Huber loss? Explain why, or why not, and say how you would find the minimum then.

# %% [markdown] answer="p2-closed-form"
# **No**, not in general. At a minimum the gradient vanishes:
#
# $$
# X^\top \operatorname{clip}(y - Xw, -\delta, \delta) = 0 .
# $$
#
# This equation is only *piecewise* linear in $w$, because which residuals are clipped depends on
# the $w$ that is sought. Were the set $I$ of samples with $|r_i| \le \delta$ and the signs $s_i$ of
# the others known, the equation would be linear,
#
# $$
# \Bigl(\sum_{i \in I} x_i x_i^\top\Bigr) w
# = \sum_{i \in I} y_i x_i + \delta \sum_{i \notin I} s_i x_i ,
# $$
#
# and solved at once. But there are up to $3^n$ ways to sort the samples into below, within and
# above, and no formula says which one is right. (If $\delta$ is so large that the least-squares
# solution has no residual beyond it, that solution is the minimum.)
#
# **What to do instead.** $L_\delta$ is convex and has a Lipschitz-continuous gradient, so gradient
# descent with a step below $2/\lambda_{\max}(X^\top X)$ converges to a minimum. Iteratively
# reweighted least squares is faster: solve a weighted least-squares problem with the weights
# $\min(1, \delta / |r_i|)$, update the residuals, repeat.

# %% [markdown]
# ### 2.3 With a ridge penalty
#
# Add $\tfrac{\lambda}{2} \|w\|^2$ with $\lambda \ge 0$ to the loss, and compute the gradient of
#
# $$
# L_{\delta, \lambda}(w) = L_\delta(w) + \tfrac{\lambda}{2} \, \|w\|^2 .
# $$


# %%
def huber_ridge_gradient(w, X, y, delta, lam):
    """Compute the gradient of the Huber loss with a ridge penalty.

        L(w) = Σᵢ ℓ(yᵢ - wᵀxᵢ) + ½ λ ‖w‖²      ℓ as in huber_gradient

    Args:
        w: the weights, (d,).
        X: one sample in each row, (n, d).
        y: the targets, (n,).
        delta: the threshold δ of ℓ.
        lam: the factor λ of the penalty, a number from 0 on.

    Returns:
        ∂L/∂w, (d,).
    """
    # BEGIN SOLUTION p2-ridge
    return huber_gradient(w, X, y, delta) + lam * w
    # END SOLUTION


# %% [markdown]
# ### 2.4 What the Huber loss changes
#
# In six to ten sentences: what does the Huber loss change
#
# - for *optimisation*, compared with the squared and with the absolute error (size and continuity
#   of the gradient, step sizes, what happens near the minimum), and
# - for *evaluation* in the presence of outliers: which numbers do you report, and how would you
#   choose $\delta$?

# %% [markdown] answer="p2-reflection"
# **Optimisation.** A sample adds $\operatorname{clip}(r_i, -\delta, \delta)\, x_i$ to the gradient,
# so its pull is bounded by $\delta \|x_i\|$ however wrong its target is. With squared error the
# pull grows with the residual: one outlier can dominate a step, make mini-batch gradients noisy and
# force a small learning rate. With absolute error the pull is bounded as well, but its size is the
# same far away and close by, and it jumps at $r = 0$: with a fixed step gradient descent keeps
# oscillating around the minimum. Huber takes the better half of each: bounded far away, and
# proportional to the residual near the minimum, where it is as smooth as least squares and
# converges as fast. The price is that the curvature of clipped samples is zero: if $\delta$ is too
# small, few samples carry curvature, progress far from the minimum is slow, and the minimum may not
# be unique (a ridge penalty restores uniqueness). The residuals are clipped, not the inputs: a
# sample with an extreme $x_i$ can still pull hard.
#
# **Evaluation.** If the test set has outliers, its mean squared error is mostly about them: a model
# that fits the bulk better can look worse. So report robust numbers as well, the median or mean
# absolute error, quantiles of $|r|$, or the Huber loss at a stated $\delta$; losses at different
# $\delta$ cannot be compared with each other. Huber's fit estimates something between mean and
# median of $y$ given $x$; where noise is skewed and the mean is what counts (total cost, say),
# ignoring large residuals is a bias, not a virtue.
#
# **Choosing δ.** It separates noise from outliers, so it should follow the scale of the noise:
# $\delta = 1.345\,\hat\sigma$ with a robust $\hat\sigma$ (1.4826 times the median absolute
# residual) keeps 95 % of the efficiency of least squares under Gaussian noise; or choose it on
# validation data by a robust error that does not itself depend on $\delta$. And look at the samples
# beyond it: they may be wrong, or they may be what matters most.

# %% [markdown]
# ---
# ## Problem 3. Adam and momentum SGD
#
# Adam (Kingma and Ba, 2015) keeps two moving averages for every weight, of its gradient $g_t$ and
# of the gradient's square. From $m_0 = v_0 = 0$, for $t = 1, 2, \dots$ and entry by entry:
#
# $$
# \begin{aligned}
# m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t , &
# \hat m_t &= m_t / (1 - \beta_1^{\,t}) , \\
# v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 , &
# \hat v_t &= v_t / (1 - \beta_2^{\,t}) ,
# \end{aligned}
# \qquad
# w_{t+1} = w_t - \alpha\, \frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon} .
# $$
#
# The division by $1 - \beta^t$ is the *bias correction*: without it the averages, which start at
# zero, would be too small in the first steps.
#
# ### 3.1 Two updates by hand
#
# Starting from a weight $w_1$, two gradients arrive, $g_1$ and then $g_2$. Work out $w_2$ and $w_3$
# in closed form: give $\hat m_1, \hat v_1, \hat m_2, \hat v_2$ in terms of $g_1$, $g_2$, $\beta_1$
# and $\beta_2$, simplified so that no factor $1 - \beta$ is left over. How far does the first step
# go where $\varepsilon$ is negligible?

# %% [markdown] answer="p3-adam-derivation"
# **First update.** From $m_0 = v_0 = 0$,
#
# $$
# m_1 = (1 - \beta_1)\, g_1, \qquad \hat m_1 = \frac{m_1}{1 - \beta_1} = g_1, \qquad
# v_1 = (1 - \beta_2)\, g_1^2, \qquad \hat v_1 = \frac{v_1}{1 - \beta_2} = g_1^2 .
# $$
#
# With $\sqrt{g_1^2} = |g_1|$,
#
# $$
# w_2 = w_1 - \alpha\, \frac{g_1}{|g_1| + \varepsilon} .
# $$
#
# Where $\varepsilon \ll |g_1|$ the step is $\alpha \operatorname{sign}(g_1)$: its length is the
# learning rate, whatever the size of the gradient.
#
# **Second update.** For $t = 2$,
#
# $$
# m_2 = \beta_1 m_1 + (1 - \beta_1)\, g_2 = (1 - \beta_1)(\beta_1 g_1 + g_2) .
# $$
#
# Because $1 - \beta_1^2 = (1 - \beta_1)(1 + \beta_1)$, the bias correction cancels the factor:
#
# $$
# \hat m_2 = \frac{(1 - \beta_1)(\beta_1 g_1 + g_2)}{(1 - \beta_1)(1 + \beta_1)}
# = \frac{\beta_1 g_1 + g_2}{1 + \beta_1} .
# $$
#
# In the same way $v_2 = (1 - \beta_2)(\beta_2 g_1^2 + g_2^2)$ and
#
# $$
# \hat v_2 = \frac{\beta_2 g_1^2 + g_2^2}{1 + \beta_2} .
# $$
#
# Both are weighted means, with weights that sum to one: that is what the correction is for.
# Together,
#
# $$
# w_3 = w_2 - \alpha\,
# \frac{(\beta_1 g_1 + g_2) / (1 + \beta_1)}
#      {\sqrt{(\beta_2 g_1^2 + g_2^2) / (1 + \beta_2)} + \varepsilon} .
# $$
#
# A check: for $g_1 = g_2 = g$ this is $\hat m_2 = g$, $\hat v_2 = g^2$, and the second step equals
# the first.


# %%
def adam_updates(w1, g1, g2, lr, beta1, beta2, eps):
    """Compute the first two updates of Adam.

        mₜ = β₁ mₜ₋₁ + (1 - β₁) gₜ        m̂ₜ = mₜ / (1 - β₁ᵗ)        m₀ = 0
        vₜ = β₂ vₜ₋₁ + (1 - β₂) gₜ²       v̂ₜ = vₜ / (1 - β₂ᵗ)        v₀ = 0
        wₜ₊₁ = wₜ - α m̂ₜ / (√v̂ₜ + ε)

    Args:
        w1: the weights before the first update, a number or an array of any shape.
        g1: the gradient of the first update, of the shape of w1.
        g2: the gradient of the second update, of the shape of w1.
        lr: the learning rate α.
        beta1: β₁, from 0 to below 1.
        beta2: β₂, from 0 to below 1.
        eps: ε, above 0.

    Returns:
        The pair (w2, w3): the weights after the first and after the second update, each of the
        shape of w1. The arguments are left as they are.
    """
    # BEGIN SOLUTION p3-adam-updates
    w, m, v = w1, 0.0, 0.0
    weights = []
    for t, g in ((1, g1), (2, g2)):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        weights.append(w)
    return weights[0], weights[1]
    # END SOLUTION


# %% [markdown]
# Three weights with gradients of very different sizes. How far does each of them move in the first
# step? You can predict the numbers from your derivation.

# %%
w1, g1, g2 = np.zeros(3), np.array([1e-4, 1.0, 1e4]), np.array([1e-4, -1.0, 1e4])
w2, w3 = adam_updates(w1, g1, g2, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8)
print("first step: ", w2 - w1)
print("second step:", w3 - w2)

# %% [markdown]
# ### 3.2 Adam and momentum SGD compared
#
# SGD with momentum has one moving average and one learning rate for all weights,
#
# $$
# u_t = \mu\, u_{t-1} + g_t , \qquad w_{t+1} = w_t - \alpha\, u_t , \qquad u_0 = 0 .
# $$
#
# - **(a)** Which of the two adapts its step to the size of the gradients, and how?
# - **(b)** All gradients are multiplied by the same $c > 0$ (the loss was summed instead of
#   averaging it). What happens to the steps of each of the two? Show it with the formulas.
# - **(c)** What is $\varepsilon$ for, and what happens if it is very large, or zero?

# %% [markdown] answer="p3-compare"
# **(a)** Adam does, for each weight by itself: the step
# $\alpha\, \hat m_t / (\sqrt{\hat v_t} + \varepsilon)$ is divided by the root of the mean square of
# that weight's own recent gradients, so that weights with small gradients move about as far as
# weights with large ones, roughly $\alpha$ a step while the gradients keep their sign, and less
# where the signs alternate. Momentum SGD does not: its step $\alpha u_t$ is linear in the
# gradients, with the same $\alpha$ for all weights. Momentum only averages over time; in a constant
# direction the steps grow to $\alpha g / (1 - \mu)$.
#
# **(b)** Let $g_t' = c\, g_t$, along the same sequence of gradients. For momentum SGD,
# $u_t' = \sum_{s \le t} \mu^{t-s} c\, g_s = c\, u_t$: every step becomes $c$ times as long. It is
# as if the learning rate were $c\,\alpha$, and for a large $c$ training diverges. For Adam,
#
# $$
# \hat m_t' = c\, \hat m_t , \qquad \hat v_t' = c^2\, \hat v_t , \qquad
# \frac{\hat m_t'}{\sqrt{\hat v_t'} + \varepsilon}
# = \frac{c\, \hat m_t}{c \sqrt{\hat v_t} + \varepsilon}
# = \frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon / c} .
# $$
#
# The factor cancels but for $\varepsilon$, which in effect becomes $\varepsilon / c$. As long as
# $\sqrt{\hat v_t} \gg \varepsilon$, and $\gg \varepsilon / c$, Adam's steps do not change.
#
# **(c)** $\varepsilon$ keeps the denominator away from zero: for a weight whose gradients have all
# been zero, $\hat m / \sqrt{\hat v}$ would be $0/0$. It also bounds how much tiny gradients are
# amplified: where $\sqrt{\hat v} \ll \varepsilon$ the step is about $\alpha \hat m / \varepsilon$,
# which fades with the gradient, so that rounding noise does not cause steps of full length. If
# $\varepsilon$ is very large, it dominates everywhere, and Adam turns into SGD with a (normalised)
# momentum and the learning rate $\alpha / \varepsilon$: nothing adapts any more. If it is zero,
# weights without gradient become NaN, and the noise of nearly flat directions is blown up to steps
# of length $\alpha$.

# %% [markdown]
# ### 3.3 Noisy gradients and sparse features
#
# A text classifier has one weight for each of 100,000 words. Most words are rare: their gradient is
# zero in nearly every mini-batch, and noisy when it is not. Which of the two optimizers handles
# this better, and why? Say what each does to (a) a weight whose gradient is often zero, (b) a
# weight whose gradient is mostly noise around a small mean. Name one situation in which you would
# still prefer momentum SGD.

# %% [markdown] answer="p3-noisy-sparse"
# **(a) Sparse.** For momentum SGD a rare word's weight moves by $\alpha g / (1 - \mu)$ in all for
# each of its few gradients, with the learning rate that the frequent words can bear; it hardly gets
# anywhere, and raising $\alpha$ would make the frequent ones diverge. In Adam, $v$ of that weight
# decays towards zero between the occurrences. If the word appears in a share $p$ of the batches
# with gradients of size $g$, then $\hat v \approx p\, g^2$, and a new gradient is divided by
# $\sqrt p\, |g|$ only: one occurrence moves the weight by about
#
# $$
# \alpha \sum_{k \ge 0} \frac{(1 - \beta_1)\, \beta_1^k\, g}{\sqrt{p}\, |g|}
# = \frac{\alpha}{\sqrt p} \operatorname{sign}(g) ,
# $$
#
# spread over the next $1/(1 - \beta_1)$ steps or so. Rare features get long steps, frequent ones
# short steps: the rates are adapted to the frequency. So Adam (like AdaGrad and RMSProp before it)
# is the natural choice here. It has a catch: in the plain dense form $m$ goes on moving a weight in
# batches without its word; "lazy" versions update only rows that occur. And with $\beta_2$ too
# small, $v$ forgets between occurrences, and the next gradient makes a very large step.
#
# **(b) Noisy.** Let a gradient have the mean $\mu_g$ and the standard deviation
# $\sigma_g \gg |\mu_g|$. Both methods average over about $1/(1-\beta_1)$ or $1/(1-\mu)$ batches,
# which cuts the noise. In Adam, moreover,
# $\sqrt{\hat v} \approx \sqrt{\mu_g^2 + \sigma_g^2} \approx \sigma_g$, so the mean step is
# $\alpha\, \mu_g / \sigma_g$: the step shrinks with the signal-to-noise ratio, and no weight takes
# steps above the order of $\alpha$, however wild its gradients are. Momentum SGD's steps have the
# noise $\alpha \sigma_g$ in full proportion, so that the noisiest weights dictate the learning rate
# for all.
#
# **Where I would still take momentum SGD.** In dense problems with well-scaled gradients, such as
# image classification with a convolutional network, batch normalisation and a tuned learning-rate
# schedule: it needs half the memory for its state, and it often generalises as well or better.
# Adam's rescaling also multiplies steps in directions that are nearly flat and pure noise; near the
# end of training a decaying rate is needed for both.

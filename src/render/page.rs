//! One view a page: a struct with everything decided, made from `Derived`, and the template that prints it.

"""From needs and stays to a proposal in words.

``brief`` says what is weighed, ``numbers`` makes tables of it, ``weighing`` finds the pairs and
``changes`` what would help an empty seat. Only ``reading`` asks the database, only ``words``
speaks.
"""

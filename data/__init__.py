"""The persistence package: PostGIS, migrations, importers, exporters, the sample county.

Not a folder of data files. Functions take a SQLAlchemy connection and never commit; what
geometry means is computed by ``geo``, here it is read, stored and served.
"""
